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
    abierta abierto abrigo acabar accidente aceptan aceptar aceptaron acerca acompanar acompane
    adonde agarrar agarraron agarro ahora ahorita alguien algun alguna algunas alguno algunos alla
    alli alquilan alquilar amanecer amiga amigo anoche antes apagar apagaron aparte apenas apoyan
    apoyar aprender aquella aquello aqui arreglan arreglar arreglo arriba asi asustada asustado
    atender atienden aunque avisar aviso ayer ayudame ayudar ayudarme ayuden ayudo bajar bajo bajon
    bano barata barato bastante beber bien bolsa bolsas bonito borracho botaron brazo buena buenas
    bueno buenos buscamos buscando buscar busco cabeza cada caer cai caliente calle calor cambiar
    cambio camino cansada cansado cara caro carta cartera casar casi celos cerca cercana cercano
    cerrado cerrar cerraron chica chico ciega ciego claro clase cobran cobrar cobre coche cocinar
    comer comido como completar completo componer compra compran comprar compre comprobar condado
    conmigo conozco conseguir contestan contestar contigo contratan contrataron corren correr
    corrieron corrio cosa cosas coser creo cruzar cual cuales cualquier cuando cuanta cuanto cuantos
    cuarta cuarto cuerpo cuesta cuida cuidan cuidar culpa cumple cumplir dado dame dan danado dando
    dano dar darme debajo deben debia debo decia decir declarar dejan dejar dejaron dejo demas
    dentista dentro desde desesperada desesperado despedir despues detras dia dias dice dicen
    diciendo dieron diferente dije dijeron dijo dime dinero disponible doblar dolor donde duele
    duelen duermen duermo duro echan echar echaron edad ella ellas ellos empezar empiezo encima
    encontrar encontre encuentro enferma enfermar enfermo engano enojo ensenan ensenar entiendo
    entonces entrar entre entrega entregan enviar era eramos eran escondida escondido escribir
    escucho escuela ese eso esperando esperar esposa esposo estaba estado estamos estan estando
    estar este estos estoy estudiar estuve estuvo exigen falla falta faltan favor feo fiesta fin
    frio fuera fuerte fui funciona ganar gano gasto gastos gente golpe golpeo gracias grande grita
    gritan gritar guardar gusta gustaria haber habia habla hablar hablo hacer hacia haga hagan hago
    hambre hasta hecho helado hermana hermano hice hicieron hija hijo hizo hogar hola hombre hora
    horas hoy hubo huir iban ida idea ido iglesia igual ingreso invierno jalan jalar jardin jefe
    joven jugar juntar junto labor lado ladron largo lastimo lavar leer lejos lengua letra levantar
    libre limpiar lindo listo llamar llame llamo llega llegado llegar llego lleva llevan llevar
    llevaron llorar lloro llover luego lugar lunes luz malo maltrato manana mandar mandaron manejo
    manera mano mantener marido martes matar mayor media medio mejor menor menos mensual mes mesa
    meses meter metieron miedo mientras miercoles mirando mirar miro mismo mitad mojado moler
    molestan molesto monte morir mostrar mover mucha mucho muchos mudar muere mujer mundo murio muy
    nacer nacio nada nadie natal necesidad necesita necesitamos necesitan necesito nieta nieto nina
    ninguna ninguno nino noche nombre nosotros nueva nuevo nunca ocupan ocupar ocupo oficina ofrecen
    oigo oir olvidar operar orar orden otra otro otros pagaba pagan pagar pago pague pais palabra
    papel papeles parar parece pared pariente paro parte pasa pasado pasar paseo paso patio pedir
    pega pegan pego pelea pelear peleo pelo pena pensar pense peor pequeno perder perdi perdida
    perdido perdio pero perro persona pesar pide piden pidio pienso pierna piso planta plata plato
    pleito poco podemos poder podria ponen poner pongo porque posible precio prender prestan prestar
    presto primera primo privado pronto propio pude pudiera pueblo puede pueden puedo puerta pues
    puesto quedan quedar quedo queja queremos querer queria quien quiere quieren quiero quisiera
    quitan quitar quitaron quito rapido rato recibir recibo recoger regalan regalar regalen regresar
    reir rentar renten rento reparten repartir requisito resto romper rompio ropa roto sabado saber
    sabes sacan sacar saco sale salen salga salgo salio salir sano sea seguir segunda segura seguro
    sera seria servir siempre siento sigo silla sirve sobra sobre sobrina sobrino sola solamente
    solo soltar son soy subio subir sucio suegra suegro suelo sueno suerte sufrir sufro tambien
    tampoco tan tanto tarda tarde tardes techo temo temprano tenemos tener tenga tengan tengo tenia
    tercer tia tiempo tiene tienen tio tira tirar tocar toda todas todavia todo todos toma tomar
    tomo trabajar trabajo traen traer traigo tramite tratar trato triste tuve ultima ultimo unica
    unico usar uso usted ustedes vamos varios vaya veces vecina vecino vence vencio vender vendo
    vengo venia venir veo ver verano verdad vez viaje vieja viejo viene viernes vino vio vive viven
    vivia vivir vivo volver voy vuelta vuelvo
"""

EVERYDAY_SPANISH = frozenset(_SPANISH.split())
EVERYDAY_WORDS = frozenset(f"{_ASKING} {_THINGS}".split()) | EVERYDAY_SPANISH
