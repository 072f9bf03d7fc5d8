"""The words and rows of keys that people take for passwords most often.

A password is refused when it is one of these, or one of these with digits and signs around it.
"""

_LISTED = """
password passwort passwords passwordpassword passw0rd p@ssword p@ssw0rd pa$$word motdepasse contraseña
парольпароль пароль йцукен йцукенгшщзхъ qwerty qwertz qwertyqwerty qwertyuiop qwertzuiop qwertyuiopas
qwertyuiopasdf qwerty1234qwerty asdfghjkl asdfghjklzxc asdfasdfasdf asdfghasdfgh zxcvbnm zxcvbnmasdfg
zaq1xsw2cde3 zaq12wsxcde3 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1q2w3e4r5t6y 1q2w3e4r5t6y7u8i q1w2e3r4t5y6
1234qwerasdf qwer1234asdf qwer1234qwer asdf1234asdf abcd1234abcd a1b2c3d4e5f6 1a2b3c4d5e6f abc123abc123
abcdefghijkl abcdefghijklm abcdefghijklmnop abcdefgh abcdef abcabcabcabc aaaaaaaaaaaa xxxxxxxxxxxx
123456789012 1234567890123 12345678901234 1234567890123456 12345678910 123456789101112 1234567891011
123456123456 123123123123 123412341234 112233445566 121212121212 111222333444 987654321098 0987654321
098765432109 000000000000 111111111111 222222222222 333333333333 444444444444 555555555555 666666666666
777777777777 888888888888 999999999999 101010101010 147258369147 159753159753 159357159357 1029384756
31415926535 314159265358 271828182845 1234567890-= !@#$%^&*()_+ 1234567890qw 1234567890ab 123qweasdzxc
123qwe123qwe 123abc123abc password123password administrator administration administrateur
admin adminadmin adminadminadmin root rootrootroot changeme changemenow changemeplease pleasechangeme
letmein letmeinplease letmeinnow welcome welcomewelcome welcomeback welcometo login loginlogin signin
default defaultpassword temporary temporarypassword temppassword secret secretsecret secretpassword topsecret
mypassword mypasswordis thisismypassword yourpassword newpassword oldpassword testpassword userpassword
masterpassword strongpassword securepassword nopassword passphrase passcode testtesttest testing
testtest tester guest guestguest useruser username unknown nothing whatever iloveyou iloveyouso iloveyousomuch
ilovemyself iloveyouforever loveyou lovelove lovelovelove sunshine sunshinesunshine princess football superman
supermansuperman batman starwars starwarsstarwars pokemon dragon dragondragon monkey
monkeymonkey shadow shadowshadow master mastermaster trustno1 trustnoone correcthorsebatterystaple computer
computercomputer internet microsoft
windows october november december september january february
spring summer summertime autumn winter wintertime monday friday
freedom forever friends hello hellohello helloworld hellohellohello
attache attaché support specialist company calendar schedule booking
"""
COMMONEST = frozenset(_LISTED.split())
