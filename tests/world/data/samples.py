"""Small samples in the layouts the field publishes; every number is made up."""

from __future__ import annotations

CAPABILITIES = """\
stateabb,ccode,year,milex,milper,irst,pec,tpop,upop,cinc,version
UKG,200,1900,60,3,10,40,400,90,.3,9999
FRN,220,1900,30,-9,5,20,300,30,.2,9999
GMY,255,1900,90,6,25,60,500,-9,.4,9999
AUH,300,1900,0,1,10,-9,300,30,.1,9999
UKG,200,1901,61,3,10,40,401,91,.31,9999
"""

STATES = """\
stateabb,ccode,statenme,styear,stmonth,stday,endyear,endmonth,endday,version
UKG,200,United Kingdom,1816,1,1,2016,12,31,9999
FRN,220,France,1816,1,1,1942,11,11,9999
FRN,220,France,1944,8,25,2016,12,31,9999
GMY,255,Germany,1816,1,1,1945,5,8,9999
AUH,300,Austria-Hungary,1816,1,1,1918,11,12,9999
"""

MAJORS = """\
stateabb,ccode,styear,stmonth,stday,endyear,endmonth,endday,version
UKG,200,1816,1,1,2016,12,31,9999
GMY,255,1816,1,1,1918,11,11,9999
GMY,255,1925,1,1,1945,5,7,9999
"""

ATOP = """\
ddyad,stateA,stateB,year,atopally,defense,offense,neutral,nonagg,consul,number
200220,200,220,1900,1,1,0,0,0,1,1
220200,220,200,1900,1,1,0,0,0,1,1
255300,255,300,1900,1,0,0,1,1,0,1
300255,300,255,1900,1,1,1,0,0,0,1
200255,200,255,1900,1,0,0,0,0,1,1
220255,220,255,1901,1,0,0,0,1,.,1
"""

RIVALRIES = """\
tssr_id,rivalry,ccode1,ccode2,start,end,positional,spatial,ideological,interventionary,principal,aprin
1,Made up A,220,255,1850,1945,1,1,,0,1,
2,Made up B,300,345,1903,1920,0,1,0,0,0,0
3,Made up C,255,305,1740,1870,0,1,0,0,0,0
"""

CONTIGUITY = """\
dyad,state1no,state1ab,state2no,state2ab,year,conttype,version
200220,200,UKG,220,FRN,1900,4,9.9
220200,220,FRN,200,UKG,1900,4,9.9
220255,220,FRN,255,GMY,1900,1,9.9
255220,255,GMY,220,FRN,1900,1,9.9
"""

CONTIGUITY_SPELLS = """\
dyad,statelno,statelab,statehno,statehab,conttype,begin,end,notes,version
200220,200,UKG,220,FRN,4,181601,201612,,9.9
220255,220,FRN,255,GMY,1,181601,191811,"a note, with
a line break",9.9
220255,220,FRN,255,GMY,2,191811,194505,,9.9
"""

WAR_HEADING = (
    "WarNum,WarName,WarType,ccode,StateName,Side,StartMonth1,StartDay1,StartYear1,EndMonth1,"
    "EndDay1,EndYear1,StartMonth2,StartDay2,StartYear2,EndMonth2,EndDay2,EndYear2,TransFrom,"
    "WhereFought,Initiator,Outcome,TransTo,BatDeath,Version"
)
_NEVER = "-8,-8,-8,-8,-8,-8"
# old Macs ended lines with a carriage return, and the published file still does
WARS = "\r".join(
    [
        WAR_HEADING,
        f"1,Made Up War,1,220,France,1,4,7,1900,11,13,1901,{_NEVER},503,2,1,1,-8,400,9",
        f"1,Made Up War,1,255,Germany,2,4,7,1900,11,13,1901,{_NEVER},503,2,2,2,-8,-9,9",
        "2,Made Up Too,1,200,Britain,1,1,1,1910,2,2,1911,3,3,1914,4,4,1915,503,2,2,3,-8,10,9",
        f"2,Made Up Too,1,255,Germany,2,1,1,1912,2,2,1916,{_NEVER},503,2,1,8,-8,20,9",
        "",
    ]
)
