"""Words of everyday language that listings seldom use: no mistakes, though near to words of need.

Folded; English, then Spanish.
"""

_ASKING = """
    afford afraid almost already although always another answer anybody anymore anyone anything
    anyway anywhere arrive asked asking awake away began begin behind believe belong best better
    beyond bother bottom bought bring broke brought called came cannot carry catch caught cause
    cheap cheaper cheapest check choose close closer closest come comes coming consider could couple
    decide different does doing done either else enough even ever every everybody everyone
    everything everywhere exactly except expect fail fall feel feeling fell felt fill fine finish
    fix forever forget forgot found gave gets getting gift give given gives giving goes going gone
    gonna good gotta great guess hand happen happy hard hardly hate have hear heard hello here hold
    hope hoping huge hurry idea inside instead keep kept kind knew know knows last late lately later
    leave leaving left lets letter likely listen little live lived loan lonely long longer look
    loose lose lost lots loud lower maybe mean means meant middle mind mine miss missed most move
    much must myself near nearest neither never next nice nobody none nothing notice nowhere often
    okay only onto others otherwise ours outside over paid part perhaps pick place plan plane please
    pull push quick quickly quiet quite rather reach ready real really remember said same save
    saying seem seems seen send sent shall should show since single slow small somebody somehow
    someone something sometimes somewhere soon sore sorry sound start started stay steal still stole
    stop strong stuck such sure take taken taking talk tell than thank thanks that their them then
    there these thing things think those though thought through throw till tired today together told
    tomorrow tonight took touch toward towards town tried trouble true trust trying turn twice under
    understand unless unsure until upon upset usually very wait waiting walk wanna want wanted wants
    weak wear week weird were what whatever when where wherever whether which while whoever whole
    whom whose wonder wondering wont worried worry worse worst worth would wrong yeah year yesterday
    young your yours yourself
"""

_THINGS = """
    accent afternoon angel angle answer apple april august aunt baking banana basket battle beach
    bean bear beard beat bell berry better bike bird birthday bitter blade blender block boat
    boating bone boots borrow boss bottle bowling brain branch brave bread brick bright broken
    brother brown brush bucket butter butterfly button cake camel camera candle candy cannon canyon
    carrot casino castle cattle ceiling cellar cereal chain chalk cheese cherry chess chicken chip
    circle clever cloud clown coach coal coast coffee coin collar color composer concert cooking
    copper corner costume cotton cousin cover cream creature crown curtain dance dancing danger
    december decoration desert diamond dinner dirt dollar donkey double dragon dream drink drummer
    dust eagle earth engine equal evening fairy fashion father feather february fiction field finger
    fishing flag flame flower football forest fork formation fortune fountain friday friend frozen
    furnace gallery garage garden garlic gate genius ghost giant glass gold golden golf goose grain
    grape grass gravy guitar hammer handle harbor hatch heaven height hero hiking hill holiday honey
    horse hotter hunting iron island jacket january jewel july june jungle king kitchen kite kitten
    knight knitting ladder lake lamp layer leaf leather lemon lesson letter lion lottery magic
    marble march mayor meadow melon metal midnight minor mirror monday monkey monster morning mother
    mountain mouse movie muscle mustard needle noise noon north novel november ocean october olive
    onion orange outline owner oyster paint painting paper parade parrot party patience peach pearl
    pebble pepper picture pillow pirate planet plate player poem poison poker potato pottery powder
    prince princess prize production profit pumpkin puppet purple puzzle queen rabbit radio rain
    ranch razor reader ribbon rice river rocket rope royal rubber ruler sailing sailor salad salt
    sandal saturday sauce scarf scissors season september shade shadow shape shark sheep shell ship
    shirt shore shovel silver singing sister sketch skirt slide smoke snake soap soccer sofa soldier
    soup south spice spider spoon spring square squirrel stable staple statue stone story stove
    straw stream string style sugar suit summer sunday sweater swimming sword table tailor taste
    temper tennis tent theater thing thread throne thunder thursday ticket tiger tiny title toast
    toaster tomato tongue tower trade traffic trick trophy trousers trumpet tuesday tunnel turkey
    turtle uncle valley vanilla velvet verse violin voice wagon waiter water weapon wedding
    wednesday whale wheel whistle window winner winter wizard wolf wonder worm writer yellow
"""

_SPANISH = """
    abierta abierto acerca adonde ahora alguien algun alguna algunas alguno algunos alla alli amiga
    amigo antes aqui arriba aunque ayer ayudame ayudar ayudarme bastante bien buena buenas bueno
    buenos buscamos buscando buscar busco cada calle camino casi cerca cercana cercano cerrado claro
    comer como conozco conseguir cual cuales cualquier cuando cuanta cuanto cuantos cuarto dame
    debajo debo decir dejar dentro despues detras dias diferente dime dinero donde encontrar
    encuentro entonces entre esposa esposo estamos estan estar estoy favor fuera gente gracias
    gustaria habla hablar hablo hacer hacia hago hasta hija hijo hola hombre hoy igual jefe lado
    largo lejos lindo llegar llevar luego lugar lunes malo manana manera martes mayor mejor menor
    menos mientras miercoles mismo mucha mucho muchos mujer mundo muy nada nadie necesita
    necesitamos necesitan necesito ninguna ninguno noche nombre nosotros nueva nuevo nunca ocupo
    otra otro otros pagar parte pasa pasar peor pequeno perdi perro persona poco podemos poder
    podria poner porque pronto puede pueden puedo pues queremos quien quiere quiero quisiera quitar
    rapido sabado saber sabes siempre sobre solamente solo suerte tambien tampoco tanto tarde tardes
    temprano tenemos tener tengo tiempo tiene tienen todavia todo todos trabajar trabajo tuve ultimo
    usted ustedes vamos varios veces venir verano verdad viejo viernes vivir vivo voy
"""

EVERYDAY_WORDS = frozenset(f"{_ASKING} {_THINGS} {_SPANISH}".split())
