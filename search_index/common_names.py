"""Names of places that are words of everyday language, in English or Spanish.

Alone they name no place: "help with reading", "in need of hope". The words are folded and those
of one name joined, as in `Gazetteer.rows`.
"""

_THINGS = """
    acorn alabaster alligator almond aloha alpha amber anchor apache apex ark arsenal art ash badger
    ball balsam bandana banner barrier barrow basin bass bath bay beach beacon bear bee bell bend
    berry bison black blanket blue bluff bond boomer boulevard branch brethren brick brier brilliant
    broadway brook bunker cable cactus canoe canon canyon carbon cardinal carnation carver castle
    cataract cave cedar cement cherry chestnut chicken circle clay clear cliff clover cocoa coin
    colony concrete coral cord core corn cosmos cotton coupon cove coyote cranberry crane crescent
    crook cross crown cyclone dairy daisy dale deer dell delta diamond dinosaur dresser duck duke
    eagle earth eastern echo eddy elm emerald empire era ether evergreen falls fence field fields
    flat fleet flower fly forest fork fountain fox frost gap gate gateway gem glen globe golden golf
    granite gray green grove guild gurney halo hamlet harvest hatch hay heaters herald herd highway
    hill hills holiday holly hurricane inland interior iron island ivy jersey jet junction kettle
    kite lake lamb landing lane large lark lawn leaf lily lone lotus magazine maple marble marine
    mars mascot may mead meadow mica micro middle midnight mills mineral model monitor monument moon
    moose mountain narrows nectar needles neon north northwest novice oak oaks ocean olive onyx opal
    oracle orange orchard orchid palm palms panther paradise pavilion peak pearl pelican pigeon pike
    pilot pine pines plain plains plum pony pool porcupine portal power price quail quick rainbow
    ranger raven ray republic reserve rice ridge river roach rock rocky roll rose royal ruby rush
    rye saline salmon sandwich sapphire sedan shade shadow shell shiner silver siren snow southwest
    spring springs spruce star stem stone strawberry sun sunflower sunrise sunset sunshine surprise
    swan sweet symbol tabor tea telegraph temple thehills thermal thicket thistle tiger timber tome
    tornado tower trail trees triangle tribune tunnel vale valley van vineyard violet wampum waters
    weed west western white wick willow wing winter wood woods
"""

_DOINGS = """
    accord adamant admire advance agenda arcade askew assumption auto bent best between blessing
    bliss boring boss bountiful brave breaks breeding bucks bunch burden busy call candor carefree
    celebration champion chance charity charm chase check christmas climax coats combine comfort
    commerce convent converse convoy cool corona cost darling deal defeated defiance delight
    democrat deposit detour dice divide dodge downs drain early eclectic economy effort embarrass
    endeavor enigma enterprise equality ever excel experiment export faith felt fertile fidelity
    fine force freedom friendly friendship fries frontier funk gallant gay given goody gore grace
    gratis gravity guy halfway happy hardy harmony hasty hazard honor hood hope hurt husk hustle
    ideal independence index industry intercourse iota ira jackpot joy junior justice lead learned
    liberal liberty likely lively loop lovely loving loyal luck majestic manly many mart means merit
    miracle mobile moody muddy mutual nice noble normal novelty odd okay only onset onward oral
    ordinary outing outlook overland pace paradox paragon peculiar peerless petty pitcher plush
    point pride prim prospect prosper prosperity protection purchase quality radiant reading recluse
    reform regal register reliance remote replete reunion revere rich riddle rowdy rule savage
    severance shock slick solitude solo speed staples stark start startup static stead stop story
    stout strong sublime success superior talent tell temperance tiff tiptop toast topping tow trade
    tranquility transfer trio triumph true twist unity universal urban utopia vest victory vista
    wake wall war wax welcome wells whiting widen windy wink wise worth young zap
"""

_PEOPLE = """
    abbot baker barber barker bishop brothers cadet carpenter commodore cook cooks emigrant farmer
    farmers foreman groom guys gypsy indian king kings lynch maiden man mechanic miner monarch
    painter pilgrim pioneer pope printer shepherd singer smith soldier speculator steward trainer
    umpire valentine viola virgin warden warrior winner yeoman
"""

_FAITHS_AND_LANDS = """
    angola bethany bethel bolivia brazil calvary canaan canada chili china cuba eden egypt ephraim
    galilee greece havana italy jericho jerusalem jordan mecca mexico morocco mountsinai mountzion
    nazareth oriental palestine panama peru poland russia saintann saintanne saintanthony
    saintbenedict saintbernard saintclair saintdavid saintelizabeth saintfrancis saintgabriel
    sainthelena saintignatius saintjames saintjohn saintjohns saintmartin saintmary saintmarys
    saintmatthews saintmichael saintmichaels saintpatrick saintpeter saintpeters saintrose
    saintstephen saintstephens saintteresa saintthomas saintvincent saintxavier salvo shiloh sinai
    sudan swiss trinity turkey welsh zion
"""

_SPANISH = """
    piso
    alma alta alto amistad animas arma banco bebe blanca blanco bonita bono buena caliente camas
    campo capitan casa cerro como corral costa descanso dinero elcampo elcentro estancia esto
    hermosa llano loco loma luna madera mio nada nuevo palo paloma perdido pintura refugio rico rio
    rosario salida santo seco una uno vida
"""

_PARTS_OF_NAMES = """
    academy accident agency alliance banks boystown bureau camp campus cash center centralcity
    centre chapel childs churchhill citycenter community couch council counselor countryclub day
    dent driver encampment energy english exchange extension foster friend garden gas george
    goodhope grant grants hall harbor haven headquarters heartland helper home homeland hometown
    house hygiene industrial institute job kinder lastchance library lodge manor mentor metropolis
    mission missionhome nationalpark newborn newhome newhope newtown nursery oasis oldtown park
    parks peoples plaza post public redcross relief rescue resthaven sanatorium sanctuary secretary
    section securityservices seminary sisters socialcircle stamps stateroad street supply telephone
    tool union united university universitypark vahospital vendor veteran village ward youngamerica
"""

PARTS_OF_NAMES = frozenset(_PARTS_OF_NAMES.split())
"""Names that even before a state are more often part of another name ("crisis center tx")."""

COMMON_NAMES = PARTS_OF_NAMES.union(
    _THINGS.split(), _DOINGS.split(), _PEOPLE.split(), _FAITHS_AND_LANDS.split(), _SPANISH.split()
)
"""Names that are believed only with more evidence, such as a state."""
