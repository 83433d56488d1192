package secret

import "strings"

// commonWords are words that people choose for passwords when they are asked
// for one. A password made of them is refused, whatever is put around them.
// Only letters, in lower case.
var commonWords = strings.Fields(`
	password passwort passwd passphrase passcode pass pwd secret geheim geheimnis motdepasse contrasena contraseña
	palavrapasse senha parola wachtwoord losenord lösenord haslo hasło salasana jelszo пароль kennwort sesame opensesame
	letmein letmeinnow welcome willkommen bienvenue bienvenido benvenuto welkom login logon signin access enter open
	admin administrator root user username guest test tester testing demo default changeme change temp temporary
	master system server windows linux android iphone apple samsung google facebook instagram youtube twitter amazon
	netflix spotify minecraft fortnite roblox pokemon nintendo playstation xbox mastodon internet computer laptop
	hello helloworld hallo hola bonjour ciao salut whatever nothing blank please thankyou thanks sorry goodbye
	trustno trustnoone trustme nopassword mypassword yourpassword thepassword newpassword oldpassword forgot forgotten
	correcthorsebatterystaple fuckyou hunter leet

	qwerty qwertz azerty asdf asdfgh asdfghjkl zxcv zxcvbn zxcvbnm yxcvbnm qwer qwert qazwsx qazwsxedc wasd йцукен

	love loveyou loveme lover lovely iloveyou ilove iloveu myself teamo tequiero jetaime tiamo ichliebedich schatz
	liebe amour amor amore kiss kisses hugs heart sweetheart darling honey baby babygirl babyboy princess prince queen
	king angel angels forever always together family familie famille familia mother father mama papa mommy daddy
	mum dad sister brother friend friends freund amigo amiga bestfriend wedding marriage

	sunshine sunflower flower flowers rainbow butterfly summer winter spring autumn sommer herbst fruehling frühling
	printemps automne hiver verano otoño primavera invierno estate inverno snow snowman snowball rain storm thunder
	lightning ocean beach island mountain river forest garden moon moonlight star stars starlight sky heaven
	morning midnight night today tomorrow

	monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag samstag
	sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miercoles jueves viernes sabado domingo
	january february march april may june july august september october november december januar februar maerz märz
	mai juni juli oktober dezember janvier fevrier février avril juin juillet aout août septembre octobre novembre
	decembre décembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre

	dragon monkey tiger lion panther wolf bear panda eagle falcon hawk phoenix unicorn horse pony kitty kitten cat
	cats puppy dog dogs doggy rabbit bunny turtle dolphin shark spider penguin hamster buddy max bella luna rocky
	tinker tinkerbell mickey minnie snoopy garfield simba bambi stitch

	football fussball fußball futbol fútbol soccer baseball basketball hockey tennis golf rugby cricket boxing racing
	liverpool arsenal chelsea manchester united barcelona realmadrid juventus bayern dortmund schalke celtic
	rangers steelers cowboys yankees lakers eagles ferrari porsche mercedes mustang corvette camaro honda toyota
	yamaha harley davidson

	superman batman spiderman ironman wolverine starwars starwar skywalker vader yoda jedi matrix hobbit gandalf
	frodo hogwarts harrypotter potter pikachu naruto goku zelda mario sonic ninja pirate samurai warrior knight
	wizard magic merlin legend hero killer hacker gamer player shadow ghost demon devil hell blood death

	michael jordan jessica ashley daniel daniela charlie jennifer andrew andrea thomas robert robin amanda nicole
	joshua matthew anthony william christopher christian christine christina elizabeth samantha stephanie sophie
	sophia emma emily olivia oliver george harry jack james john david paul peter maria marie anna hannah laura
	sarah sandra susanne sabine stefan markus martin alexander alexandra patrick sebastian florian tobias julia
	katharina lisa lena jose juan carlos antonio miguel alejandro fernando carmen camille nicolas julien pierre
	thierry francois mohamed mohammed ahmed fatima natasha ivan dmitri olga

	chocolate cookie cookies coffee cheese banana orange pepper ginger sugar candy pizza burger beer vodka whisky
	cocacola pepsi butter pumpkin cherry strawberry peanut

	freedom liberty peace justice power money dollar success winner champion lucky happy happiness smile crazy
	sexy cool awesome great super mega ultra best first number one two three four five six seven eight nine ten
	zero hundred thousand million black white red blue green yellow purple pink silver gold golden diamond crystal
	music guitar metal rock rocknroll dance party school college student teacher doctor police soldier army
	london paris berlin munich hamburg vienna zurich madrid roma milano newyork chicago boston texas california
	canada america england scotland ireland france germany deutschland spain espana españa italia brasil mexico
	india china japan russia jesus christ jesuschrist god godisgood blessed blessing faith hope grace bible
	hearth support community group groups anonymous
`)
