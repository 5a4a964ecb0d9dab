"""Words as people type them, and what they mean; right words that no speller may touch."""

_MISSPELT = """
    counciling counseling; councelor counselor; counsler counselor; conseling counseling;
    fisical physical; imigration immigration; immagration immigration; immigrasion immigration;
    dentel dental; dentst dentist; dentest dentist; elecricity electricity; electrisity
    electricity; eletric electric; shleter shelter; sheltar shelter; shelder shelter;
    unemploymint unemployment; unemployement unemployment; unemplyment unemployment; medicade
    medicaid; mediciad medicaid; medacare medicare; sychiatrist psychiatrist; psychatrist
    psychiatrist; psycologist psychologist; diapors diapers; dipers diapers; diappers diapers;
    rehabilatation rehabilitation; rehabiltation rehabilitation; foodpantry food pantry;
    legalaid legal aid; homlessness homelessness; homeles homeless; homless homeless; hosing
    housing; houseing housing; housng housing; appartment apartment; apartmant apartment;
    aparment apartment; eviccion eviction; evicton eviction; evction eviction; landlrod
    landlord; lanlord landlord; morgage mortgage; mortage mortgage; forclosure foreclosure;
    foreclousre foreclosure; utilites utilities; utilitys utilities; assistence assistance;
    asistance assistance; assitance assistance; assistanse assistance; emergancy emergency;
    emergencey emergency; emrgency emergency; domestick domestic; domesitc domestic; violense
    violence; voilence violence; vilence violence; alchohol alcohol; alcahol alcohol; addicton
    addiction; adiction addiction; adicction addiction; detoks detox; withdrawl withdrawal;
    recovry recovery; recovary recovery; suiside suicide; suicde suicide; depretion depression;
    anxity anxiety; anxeity anxiety; angziety anxiety; mentel mental; helth health; heath
    health; therepy therapy; theripist therapist; therapyst therapist; hospise hospice; hosptial
    hospital; hospitle hospital; docter doctor; doctr doctor; clinik clinic; clincs clinics;
    vacine vaccine; vaccinne vaccine; vaxination vaccination; imunization immunization;
    perscription prescription; prescripton prescription; medecine medicine; medisine medicine;
    insurence insurance; insurace insurance; inshurance insurance; disabilty disability;
    disablity disability; disabilaty disability; wheelchare wheelchair; weelchair wheelchair;
    veterens veterans; vetrans veterans; vetran veteran; seniers seniors; senoirs seniors;
    elderley elderly; childcair childcare; daycair daycare; babysiter babysitter; preschol
    preschool; kindergarden kindergarten; kindergaten kindergarten; tutering tutoring; toturing
    tutoring; litteracy literacy; litracy literacy; scholership scholarship; skolarship
    scholarship; collage college; colledge college; educaton education; edjucation education;
    employmant employment; emploiment employment; resumay resume; intervew interview; traning
    training; trainning training; aprenticeship apprenticeship; apprentiship apprenticeship;
    carreer career; transportion transportation; trasportation transportation; transpertation
    transportation; tranportation transportation; vehical vehicle; insuranse insurance; groceris
    groceries; grocerys groceries; grosseries groceries; nutritian nutrition; pantrey pantry;
    panty pantry; brekfast breakfast; breakfest breakfast; lunchs lunches; formla formula;
    pregnent pregnant; pregnet pregnant; pregancy pregnancy; prenatel prenatal; parentng
    parenting; adopsion adoption; addoption adoption; fostor foster; gaurdianship guardianship;
    guardianshp guardianship; custudy custody; custidy custody; divorse divorce; divorice
    divorce; lawer lawyer; laywer lawyer; lawyr lawyer; attorny attorney; attourney attorney;
    expungment expungement; expungemint expungement; bankrupcy bankruptcy; bankrupsy bankruptcy;
    bankrupty bankruptcy; citizanship citizenship; citizenshp citizenship; naturalizasion
    naturalization; refugie refugee; asylem asylum; asilum asylum; interpretor interpreter;
    traslation translation; translater translator; budgetting budgeting; finacial financial;
    financal financial; finantial financial; securty security; sosial social; socail social;
    benifits benefits; benefts benefits; furnature furniture; furnitur furniture; clothng
    clothing; cloths clothes; blankits blankets; laundrey laundry; shouwer shower; berial
    burial; buriel burial; greif grief; bereavment bereavement; berevement bereavement;
    traficking trafficking; trafiking trafficking; probasion probation; parol parole; reentery
    reentry; vollunteer volunteer; volenteer volunteer; libary library; computor computer;
    internt internet; weatherisation weatherization; weatherizaton weatherization; heeting
    heating; heatng heating; repares repairs; plumming plumbing; wether weather; alvergue
    albergue; bivienda vivienda; viviendo vivienda; avogado abogado; abogdo abogado; imigracion
    inmigracion; migrasion migracion; trabaho trabajo; empleyo empleo; desalogo desalojo;
    desalojoo desalojo; guarderya guarderia; conseheria consejeria; consegeria consejeria;
    ciudadnia ciudadania; cuidadania ciudadania; alimentoz alimentos; comidda comida; medicinaz
    medicinas; hospitl hospital; autizm autism; autisim autism; opiod opioid; methadon
    methadone; narcon narcan; nalaxone naloxone; diabetis diabetes; diabeties diabetes;
    hepatitus hepatitis; optomitrist optometrist; glases glasses; hearring hearing; ultrasond
    ultrasound; mamogram mammogram; mammagram mammogram; birthcontrol birth control;
    contraseption contraception; cessasion cessation; smokeing smoking; sobor sober; caregivr
    caregiver; resbite respite; respit respite; hospitalizaton hospitalization; companionshp
    companionship; sycologist psychologist; psycotherapy psychotherapy; alcholic alcoholic;
    dispenza despensa; nutrision nutrition; foodstamp food stamp; schoolsupplies school
    supplies; healthcair healthcare; nieghborhood neighborhood; neighbrhood neighborhood;
    grandparants grandparents; grandarents grandparents; famly family; famliy family;
    pediatricion pediatrician; pediatrc pediatric; chiropracter chiropractor; alzhimers
    alzheimers; alzheimrs alzheimers; dyalysis dialysis; canser cancer; screning screening;
    screeening screening; tuburculosis tuberculosis; trattment treatment; treatmant treatment;
    outpatiant outpatient; inpacient inpatient; residental residential; transitionl
    transitional; trasitional transitional; temporery temporary; tempory temporary; permanant
    permanent; subsidised subsidized; subsidzed subsidized; vouchar voucher; vowcher voucher;
    rentel rental; tennant tenant; tenent tenant; roomate roommate; motle motel; hotell hotel;
    encampmnt encampment; gass gas; watr water; utilty utility; energey energy; wifii wifi;
    interenet internet; telefone telephone; parattransit paratransit; shutle shuttle; gasolene
    gasoline; drivng driving; lisense license; licence license; birht birth; certificat
    certificate; certifcate certificate; identificaton identification; pasport passport; defence
    defense; defendor defender; publik public; mediaton mediation; meditation mediation;
    restrainng restraining; protectve protective; harrasment harassment; harasment harassment;
    assalt assault; asault assault; rapecrisis rape crisis; survivers survivors; survivar
    survivor; batterred battered; batered battered; exploitaton exploitation; vegtables
    vegetables; vegetabels vegetables; suplemental supplemental; supplimental supplemental;
    comodities commodities; delivry delivery; breastfeding breastfeeding; brestfeeding
    breastfeeding; lactaton lactation; infent infant; todler toddler; afterschol afterschool;
    sumer summer; mentering mentoring; mentoringg mentoring; enrolment enrollment; enrollmant
    enrollment; dyslexa dyslexia; specialeducation special education; vocasional vocational;
    certificashun certification; resumee resume; unemplyed unemployed; disabeled disabled;
    retirment retirement; pention pension; pensoin pension; incom income; taxs taxes; prepartion
    preparation; preperation preparation; savngs savings; cridit credit; creditt credit; loens
    loans; foreclosur foreclosure; refrigeratr refrigerator; matress mattress; matres mattress;
    unifroms uniforms; hygene hygiene; shampo shampoo; tampns tampons
"""

_RIGHT = """
    accordion airplane algebra almond anchor anthem april aquarium archaeology archery asteroid
    astronaut astronomy athlete attic august autumn backpack ballet bamboo banana barn baseball
    basket billiards biology birch birthday biscuit blanket blender blizzard bolt bottle bowling
    boxing bracelet bridge broccoli bronze bucket bulldozer burrito butter butterfly cabbage
    cabin cactus camping candle canyon carnival carpet carrot cashew casino castle cathedral
    cedar ceiling celery century cheese chemistry chess chocolate choir chorus cinnamon clarinet
    comet compass concert copper cosmic cottage crane cricket crimson crow cucumber cupboard
    curtain daisy darts decade december denim desert disco dolphin dragon drawer drummer duck
    eclipse economics elephant envelope eraser essay fable falcon february fence fencing
    festival fireworks fishing flute folk football galaxy gallery garlic geometry ginger giraffe
    glacier golden goldfish golf granite gravity guitar hammer hammock hamster harmonica hawk
    helicopter hen hiking hinge hockey hunting hurricane indigo island january jazz judo jupiter
    karate ketchup kettle kitchen kitten knight knitting ladder lantern lasagna lavender legend
    lightning linen lizard lottery lunar magazine mansion maple marathon marble march maroon
    mattress mayonnaise meadow memoir mercury meteor midnight mirror monday monument mosque
    motorcycle mountain museum mustard myth nail necklace neptune newspaper noon notebook
    novelist november ocean october onion opera orange orbit orchestra ostrich pagoda painting
    palace pancake parade parrots peanut pencil penguin pepper philosophy physics piano pigeon
    pillow pine pirate planet plastic plate pliers poem poetry poker polka polo popcorn porch
    potato pottery pretzel proverb puppy purple puzzle pyramid rabbit radish rap referee reggae
    riddle river rocket rooster rope rosemary rowing rubber rumba sailing sailor sandwich
    satellite saturday saturn saxophone scarlet screw sculpture shovel shrine silk silver
    skateboard skating slogan smoothie soccer sociology solar spaghetti sparrow spider spinach
    spoon stable stadium stapler submarine suitcase sunflower sunrise surfing swan swimming
    synagogue tango telescope tennis theater throne thunder thursday toaster tomato tornado
    tractor treasure trophy trumpet tuesday tulip tunnel turquoise turtle twilight umbrella
    velvet venus vinegar violet violin volcano volleyball waffle walnut waltz wardrobe wedding
    wednesday willow window wizard wrench wrestling yellow yoga yogurt
"""

_NAMES = """
    abdullah abernathy adeyemi albuquerque alejandro amarillo ambrose amina anchorage ashford
    avondale beatrice bellingham bemidji berkeley berwyn biloxi bismarck boise bradley
    bronzeville cardenas castellanos castillo catherine chandler chattanooga cheyenne chiara
    cicero clifton cordelia dalton davenport delacruz delgado dombrowski douglass dubuque duluth
    edgewater elgin elizabeth ellsworth englewood escobar esperanza evanston fairbanks fargo
    fatima figueroa fitzgerald francesca francisco fresno fuentes gandhi gilbert gillespie
    giovanni gonzalez guadalupe hassan henderson hernandez hialeah hilo honolulu huang
    hutchinson hyde ibarra ignacio ivanova jefferson joliet juarez kaczmarek kennedy knoxville
    kowalski krishnan lakeview lancaster laramie leila leopold lincoln lindqvist lozano lubbock
    luca macon mandela margaret martinez matteo mcallister medina mesa miguel mobile modesto
    mohamed montoya mwangi naperville nguyen oakland obrien oconnor octavio okafor omar orlando
    osei parks patel pemberton pensacola peoria petrov pilsen pocatello poughkeepsie priscilla
    ravenswood reno rockford rodriguez romero roosevelt rosalind salazar savannah schaumburg
    schenectady schwartz seattle sheffield singh spokane stockton svensson tacoma takahashi
    tampa tempe thaddeus thornton topeka tubman tucson uptown vandermeer veronica villanueva
    washington waukegan whitaker wichita winifred woodlawn worcester xiomara yakima yamamoto
    yonkers yusuf
"""

MISSPELT = {pair.split()[0]: " ".join(pair.split()[1:]) for pair in _MISSPELT.split(";")}
"""What each stands for, in one word or two."""

RIGHT = _RIGHT.split()
"""Words of everyday life that are not of need."""

NAMES = _NAMES.split()
"""Folded names of people and places."""
