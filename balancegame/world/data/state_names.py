"""What states have been called, by Correlates of War code and year.

A row is a code, a name, the first and last year in which the code had that name, and other names
for it in those years. A code without dates has had one name throughout. The names say nothing
about membership of the state system: `system_members` reads that from the data.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

ALWAYS = (0, 9_999)


class StateName(NamedTuple):
    """A name of a state, and the years in which it was the state's."""

    code: int
    name: str
    first: int
    last: int
    aliases: tuple[str, ...]

    def years(self) -> str:
        """The years as text, of a name with dates."""
        if self.first == ALWAYS[0]:
            return f"to {self.last}"
        return f"from {self.first}" if self.last == ALWAYS[1] else f"{self.first}-{self.last}"


_NAMES = """
2 United States | USA; US; United States of America; America
20 Canada
31 Bahamas
40 Cuba
41 Haiti
42 Dominican Republic
51 Jamaica
52 Trinidad and Tobago
53 Barbados
54 Dominica
55 Grenada
56 St. Lucia | Saint Lucia
57 St. Vincent and the Grenadines | Saint Vincent and the Grenadines
58 Antigua & Barbuda | Antigua and Barbuda
60 St. Kitts and Nevis | Saint Kitts and Nevis
70 Mexico
80 Belize
90 Guatemala
91 Honduras
92 El Salvador
93 Nicaragua
94 Costa Rica
95 Panama
100 Colombia | New Granada; Gran Colombia
101 Venezuela
110 Guyana
115 Suriname
130 Ecuador
135 Peru
140 Brazil
145 Bolivia
150 Paraguay
155 Chile
160 Argentina
165 Uruguay
200 Britain | United Kingdom; UK; Great Britain
205 Ireland
210 Netherlands | Holland
211 Belgium
212 Luxembourg
220 France
221 Monaco
223 Liechtenstein
225 Switzerland
230 Spain
232 Andorra
235 Portugal
240 Hanover
245 Bavaria
255 Prussia : -1870 | Germany
255 Germany : 1871-1945 | German Reich
255 Germany : 1990- | Federal Republic of Germany
260 West Germany : 1949-1990 | German Federal Republic; Federal Republic of Germany; FRG; GFR
265 East Germany : 1949-1990 | German Democratic Republic; GDR
267 Baden
269 Saxony
271 Wuerttemberg | Württemberg; Wuerttemburg
273 Hesse Electoral | Hesse-Kassel
275 Hesse Grand Ducal | Hesse-Darmstadt
280 Mecklenburg Schwerin | Mecklenburg-Schwerin
290 Poland
300 Austria : -1866 | Austria-Hungary; Austrian Empire
300 Austria-Hungary : 1867-1918 | Austria
305 Austria : 1919-
310 Hungary
315 Czechoslovakia : 1918-1992
316 Czech Republic : 1993- | Czechia
317 Slovakia
325 Sardinia : -1860 | Piedmont; Piedmont-Sardinia; Sardinia-Piedmont; Italy
325 Italy : 1861-
327 Papal States
329 Two Sicilies | Naples
331 San Marino
332 Modena
335 Parma
337 Tuscany
338 Malta
339 Albania
341 Montenegro
343 Macedonia | North Macedonia
344 Croatia
345 Serbia : -1918 | Yugoslavia
345 Yugoslavia : 1919-2002 | Serbia
345 Serbia and Montenegro : 2003-2005 | Yugoslavia; Serbia
345 Serbia : 2006- | Yugoslavia
346 Bosnia and Herzegovina | Bosnia
347 Kosovo
349 Slovenia
350 Greece
352 Cyprus
355 Bulgaria
359 Moldova
360 Romania | Rumania
365 Russia : -1921 | Russian Empire; Soviet Russia
365 Soviet Union : 1922-1991 | USSR; Russia
365 Russia : 1992- | Russian Federation
366 Estonia
367 Latvia
368 Lithuania
369 Ukraine
370 Belarus
371 Armenia
372 Georgia
373 Azerbaijan
375 Finland
380 Sweden
385 Norway
390 Denmark
395 Iceland
402 Cape Verde | Cabo Verde
403 Sao Tome and Principe | São Tomé and Príncipe
404 Guinea-Bissau
411 Equatorial Guinea
420 Gambia | The Gambia
432 Mali
433 Senegal
434 Benin | Dahomey
435 Mauritania
436 Niger
437 Ivory Coast | Côte d'Ivoire; Cote d'Ivoire
438 Guinea
439 Burkina Faso | Upper Volta
450 Liberia
451 Sierra Leone
452 Ghana
461 Togo
471 Cameroon
475 Nigeria
481 Gabon
482 Central African Republic
483 Chad
484 Congo | Republic of the Congo; Congo-Brazzaville
490 Democratic Republic of the Congo | Zaire; Congo-Kinshasa; DRC; DR Congo
500 Uganda
501 Kenya
510 Tanzania | Tanganyika
511 Zanzibar
516 Burundi
517 Rwanda
520 Somalia
522 Djibouti
530 Ethiopia | Abyssinia
531 Eritrea
540 Angola
541 Mozambique
551 Zambia
552 Zimbabwe | Rhodesia
553 Malawi
560 South Africa
565 Namibia
570 Lesotho
571 Botswana
572 Swaziland | Eswatini
580 Madagascar
581 Comoros
590 Mauritius
591 Seychelles
600 Morocco
615 Algeria
616 Tunisia
620 Libya
625 Sudan
626 South Sudan
630 Iran | Persia
640 Ottoman Empire : -1922 | Turkey
640 Turkey : 1923- | Türkiye
645 Iraq
651 Egypt | United Arab Republic
652 Syria
660 Lebanon
663 Jordan | Transjordan
666 Israel
670 Saudi Arabia
678 Yemen Arab Republic : -1990 | North Yemen
679 Yemen : 1990-
680 Yemen People's Republic : 1967-1990 | South Yemen
690 Kuwait
692 Bahrain
694 Qatar
696 United Arab Emirates | UAE
698 Oman
700 Afghanistan
701 Turkmenistan
702 Tajikistan
703 Kyrgyzstan
704 Uzbekistan
705 Kazakhstan
710 China : -1911 | Chinese Empire; People's Republic of China; PRC
710 China : 1912-1948 | Republic of China; People's Republic of China; PRC
710 China : 1949- | People's Republic of China; PRC
712 Mongolia
713 Taiwan : 1949- | Republic of China; Formosa
730 Korea : -1910
731 North Korea : 1948- | Democratic People's Republic of Korea; DPRK
732 South Korea : 1948- | Republic of Korea; ROK
740 Japan
750 India
760 Bhutan
770 Pakistan
771 Bangladesh
775 Myanmar | Burma
780 Sri Lanka | Ceylon
781 Maldives
790 Nepal
800 Thailand | Siam
811 Cambodia | Kampuchea
812 Laos
816 North Vietnam : 1954-1975 | Democratic Republic of Vietnam
816 Vietnam : 1976-
817 South Vietnam : 1954-1975 | Republic of Vietnam
820 Malaysia | Malaya
830 Singapore
835 Brunei
840 Philippines
850 Indonesia
860 East Timor | Timor-Leste
900 Australia
910 Papua New Guinea
920 New Zealand
935 Vanuatu
940 Solomon Islands
946 Kiribati
947 Tuvalu
950 Fiji
955 Tonga
970 Nauru
983 Marshall Islands
986 Palau
987 Federated States of Micronesia | Micronesia
990 Samoa | Western Samoa
"""


@cache
def names_of_states() -> tuple[StateName, ...]:
    """All names, in the order of the codes."""
    return tuple(_parse(line) for line in _NAMES.strip().splitlines())


@cache
def names_by_code() -> dict[int, list[StateName]]:
    """The names of each code."""
    found: dict[int, list[StateName]] = {}
    for entry in names_of_states():
        found.setdefault(entry.code, []).append(entry)
    return found


@cache
def names_by_text() -> dict[str, list[StateName]]:
    """The entries known by each name or other name, in the form `fold` gives it."""
    found: dict[str, list[StateName]] = {}
    for entry in names_of_states():
        for text in (entry.name, *entry.aliases):
            found.setdefault(fold(text), []).append(entry)
    return found


def fold(name: str) -> str:
    """A name without what does not tell states apart: case, spacing, the way to write "and"."""
    return " ".join(name.casefold().replace("&", "and").split())


def _parse(line: str) -> StateName:
    rest, _, others = line.partition(" | ")
    code, _, rest = rest.partition(" ")
    name, _, years = rest.partition(" : ")
    first, _, last = years.partition("-")
    aliases = tuple(others.split("; ")) if others else ()
    return StateName(int(code), name, int(first or ALWAYS[0]), int(last or ALWAYS[1]), aliases)
