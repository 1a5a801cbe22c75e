//! The lists themselves; the frequent names first.

use super::People;

/// The word before many men's names; it does not tell them apart.
pub(super) const FIRST: &str =
    "Muhammad=mHmd Muhammad=mHmd Muhammad=mHmd Ghulam=GlAm Syed=syd Abdul=ebdAl";

/// Men's given names common to all.
pub(super) const MEN: &str = "
    Aslam=Aslm Akram=Akrm Ali=ely Hussain=Hsyn Ahmed=AHmd Hassan=Hsn Imran=emrAn Bilal=blAl Usman=eSmAn Umar=emr
    Tariq=VArq Khalid=xAld Nadeem=ndym Rashid=rAXd Shahid=XAhd Sajid=sAjd Majid=mAjd Wajid=vAjd Zahid=zAhd Abid=eAbd
    Javed=jAvyd Pervaiz=prvyz Iqbal=AqbAl Riaz=ryAK Ijaz=AejAz Mumtaz=mmtAz Ashraf=AXrf Arshad=ArXd Asghar=ACGr
    Akbar=Akbr Anwar=Anvr Sarwar=srvr Yousaf=yvsf Younas=yvns Ismail=AsmAeyl Ibrahim=AbrAhym Ishaq=AsHAq Yaqoob=yeqvb
    Musa=mvsy Haroon=hArvn Idris=Adrys Ilyas=AlyAs Zakariya=zkryA Yahya=yHyy Salman=slmAn Sulaiman=slymAn Dawood=dAvd
    Kashif=kAXf Asif=OCf Atif=eATf Arif=eArf Sharif=Xryf Latif=lVyf Rafiq=rfyq Shafiq=Xfyq Siddique=Cdyq Tufail=Vfyl
    Nazir=nZyr Bashir=bXyr Munir=mnyr Zaheer=Whyr Naseer=nCyr Saeed=seyd Rasheed=rXyd Hameed=Hmyd Waheed=vHyd
    Majeed=mjyd Aziz=ezyz Karim=krym Rahim=rHym Saleem=slym Naeem=neym Waseem=vsym Kaleem=klym Faheem=fhym Azeem=eWym
    Nabeel=nbyl Jameel=jmyl Kamal=kmAl Jamal=jmAl Bilawal=blAvl Faisal=fyCl Adnan=ednAn Irfan=erfAn Rizwan=rKvAn
    Kamran=kAmrAn Noman=nemAn Farhan=frHAn Zeeshan=ZyXAn Shoaib=Xeyb Sohail=shyl Junaid=jnyd Waqas=vqAC Waqar=vqAr
    Babar=bAbr Nasir=nACr Yasir=yAsr Amir=eAmr Tahir=VAhr Zafar=Wfr Mazhar=mWhr Azhar=AWhr Ghazanfar=GKnfr Haider=Hydr
    Jafar=jefr Baqir=bAqr Sadiq=CAdq Kazim=kAWm Raza=rKA Abbas=ebAs Qasim=qAsm Hamza=Hmzh Talha=VlHh Huzaifa=HZyfh
    Mansoor=mnCvr Manzoor=mnWvr Maqsood=mqCvd Mahmood=mHmvd Masood=msevd Ghafoor=Gfvr Shakoor=Xkvr Sattar=stAr
    Jabbar=jbAr Qadir=qAdr Mustafa=mCVfy Murtaza=mrtKy Mujtaba=mjtby Allah_Ditta=Allh_dth Allah_Bakhsh=Allh_bxX
    Nawaz=nvAz Shahbaz=XhbAz Sarfraz=srfrAz Gulzar=glzAr Liaqat=lyAqt Shaukat=Xvkt Sakhawat=sxAvt Barkat=brkt";

/// Women's given names common to all.
pub(super) const WOMEN: &str = "
    Fatima=fAVmh Ayesha=eAIXh Khadija=xdyjh Zainab=zynb Maryam=mrym Amna=Omnh Sana=SnA Sadia=sedyh Saima=CAImh
    Shazia=XAzyh Nazia=nAzyh Rabia=rAbeh Bushra=bXry Samina=Smynh Rukhsana=rxsAnh Farzana=frzAnh Rehana=ryHAnh
    Shabana=XbAnh Shahnaz=XhnAz Nasreen=nsryn Parveen=prvyn Yasmeen=yAsmyn Naseem=nsym Shamim=Xmym Kausar=kvSr
    Kulsoom=klSvm Zubaida=zbydh Hameeda=Hmydh Rashida=rXydh Saeeda=seydh Waheeda=vHydh Majida=mAjdh Sajida=sAjdh
    Abida=eAbdh Zahida=zAhdh Shahida=XAhdh Khalida=xAldh Tahira=VAhrh Nasira=nACrh Sabira=CAbrh Shakira=XAkrh
    Zakia=Zkyh Razia=rKyh Safia=Cfyh Atia=eVyh Asia=Osyh Aqsa=AqCy Iqra=AqrA Kiran=krn Mehwish=mhvX Noreen=nvryn
    Naheed=nAhyd Nighat=nght Riffat=refHt Iffat=eft Ismat=eCmt Azra=eZrA Uzma=eWmy Asma=AsmA Huma=hmA Hina=HnA
    Hajra=hAjrh Sara=sArh Rahila=rAHylh Jamila=jmylh Shakila=Xkylh Nabila=nbylh Aqila=eqylh Salma=slmy Najma=njmh
    Tasleem=tslym Tasneem=tsnym Shaheen=XAhyn Samreen=Smryn Ambreen=enbryn Afshan=AfXAn Musarrat=msrt
    Ghazala=GzAlh Robina=rvbynh Shagufta=Xgfth Fozia=fvzyh Zeenat=zynt Irum=Arm Anam=AnAm Sidra=sdrh Mahnoor=mAhnvr
    Noor=nvr Hafsa=HfCh Sumaira=smyrA Humaira=HmyrA Javeria=jvyryh Maria=mAryh Alia=eAlyh Nadia=nAdyh Sobia=Cvbyh
    Gul=gl Bakhtawar=bxtAvr Allah_Rakhi=Allh_rk~y Mumtaz=mmtAz Sughra=CGry Kubra=kbry Zohra=zhrh Rasheeda=rXydh";

/// The second words of men and women; nearly weightless.
pub(super) const MEN_SECOND: &str = "Khan=xAn Ali=ely Ahmed=AHmd Hussain=Hsyn Iqbal=AqbAl Shah=XAh Akhtar=Axtr Abbas=ebAs Hassan=Hsn Gul=gl";
pub(super) const WOMEN_SECOND: &str = "
    Bibi=by_by Begum=bygm Akhtar=Axtr Bibi=by_by Khatoon=xAtvn Mai=mAIy Parveen=prvyn Kausar=kvSr Jan=jAn Sultana=slVAnh
    Khanum=xAnm Naz=nAz";

/// Men's names composed of two words written as one.
pub(super) const MEN_PARTS: [&str; 2] = [
    "Rahim=rHym Karim=krym Sami=smye Hafeez=HfyW Aziz=ezyz Naseeb=nCyb Habib=Hbyb Inayat=enAyt Hidayat=hdAyt
    Rehmat=rHmt Barkat=brkt Izzat=ezt Nasr=nCr Fazal=fKl Faiz=fyK Saif=syf Zia=KyA Najm=njm Shams=Xms Qamar=qmr Badar=bdr
    Sadr=Cdr Jalal=jlAl Kamal=kmAl Jamal=jmAl Nizam=nWAm Salah=slAH Muin=meyn Naseer=nCyr Shahab=XhAb Siraj=srAj Taj=tAj
    Zain=zyn Amin=Amyn Noor=nvr Nek=nyk Sher=Xyr Dil=dl Khush=xvX Mehr=mhr Bakht=bxt Jan=jAn Mir=myr Shah=XAh Yar=yAr
    Dost=dvst Sardar=srdAr Lal=lel Ghani=Gny Khair=xyr Akhtar=Axtr Waris=vArS Sabir=CAbr Nazar=nWr Feroz=fyrvz Arsala=ArslA Rustam=rstm
    Sikandar=skndr Bahram=bhrAm Jahan=jhAn Alam=eAlm Gohar=gvhr Almas=AlmAs Lajbar=lAjbr Haq=Hq Amir=Amyr Wazir=vzyr Fateh=ftH
    Qurban=qrbAn Hazrat=HKrt Pir=pyr Faqir=fqyr Mast=mst Malang=mlng Sahib=CAHb Ghani=Gny Khan=xAn Gul=gl Ajab=ejb Azmat=eWmt",
    "ullah=Allh uddin=Aldyn Dad=dAd Bakhsh=bxX Zaman=zmAn Wali=vly Nabi=nby Rasool=rsvl Hayat=HyAt Baz=bAz Bahadur=bhAdr
    Sultan=slVAn Badshah=bAdXAh Jan=jAn Rehman=rHmn Murad=mrAd Deen=dyn Alam=eAlm Shah=XAh Akbar=Akbr Mir=myr
    Gul=gl Yar=yAr Saeed=seyd Bacha=bACh Dost=dvst",
];

/// Women's names composed of two words written as one.
pub(super) const WOMEN_PARTS: [&str; 2] = [
    "Gul=gl Noor=nvr Mah=mAh Naz=nAz Shah=XAh Mehr=mhr Zeb=zyb Dil=dl Khair=xyr Badr=bdr Shams=Xms Qamar=qmr Husn=Hsn
    Jan=jAn Bakht=bxt Tab=tAb Zar=zr Pari=pry Rabi=rbye Sham=XAm Roshan=rvXn Anwar=Anvr Taj=tAj Nek=nyk Khush=xvX
    Aisha=eAIXh Laila=lyly Zarmina=zrmynh Gulshan=glXn Nargis=nrgs Yasmin=yAsmyn Sosan=svsn Rehan=ryHAn Sultan=slVAn
    Malika=mlkh Shahi=XAhy Farrukh=frx Firdous=frdvs Jannat=jnt Kaniz=knyz Bahisht=bhXt Almas=AlmAs Marjan=mrjAn Dur=dr
    Mirat=mrAt Raheel=rAHyl Sabz=sbz Surkh=srx Kohi=kvhy Zard=zrd Bulbul=blbl Tuti=TvTy Maina=mynh Asmani=OsmAny
    Shireen=Xyryn Neelam=nylm Moti=mvty Sitara=stArh Chand=cAnd Kanwal=knvl Resham=ryXm Hoor=Hvr Saba=CbA Aneela=Anylh",
    "unnisa=AlnsA Bano=bAnv Jabeen=jbyn Pari=pry Bahar=bhAr Afroz=Afrvz Bakht=bxt Zari=zry Andam=AndAm Rukh=rx Feroza=fyrvzh
    Taj=tAj Begum=bygm Jan=jAn Seema=symA Mina=mynA Ara=OrA Haram=Hrm Khatoon=xAtvn Nigar=ngAr",
];

/// Punjab.
pub(in crate::names) const PUNJABI: People = People {
    families: "
    Awan=AevAn Bhatti=b~Ty Butt=bT Chaudhry=cvd~ry Malik=mlk Mughal=mGl Rajput=rAjpvt Arain=ArAIyN Gujjar=gjr Jutt=jT
    Khokhar=k~vk~r Gondal=gvndl Cheema=cymh Warraich=vRAIc Sial=syAl Dogar=Dvgr Qureshi=qryXy Ansari=AnCAry
    Sheikh=Xyx Mirza=mrzA Baig=byg Bajwa=bAjvh Sandhu=snd~v Gill=gl Virk=vrk Ranjha=rAnj~A Tarar=tArR Kharal=k~rl
    Wattoo=vTv Khichi=k~cy Langah=lngAh Joiya=jvIyh Noon=nvn Tiwana=TvAnh Janjua=jnjveh Satti=sty Abbasi=ebAsy
    Kayani=kyAny Minhas=mnhAs Dhillon=DhlvN Chattha=cTh~h Hanjra=hnjrA Lodhi=lvdhy Mahar=mhr Bhutta=b~Th",
    family_parts: [
        "Sam=sm Bhar=b~r Kot=kvT Gor=gvr Man=mAn Dhar=d~r Jat=jt Lal=lAl Nar=nr Sah=sAh Kal=kAl Ban=bAn Rat=rt Pan=pn Dul=dl Bhag=b~Ag Sud=sd Khan=kn Maj=mj
        Tar=tAr Bas=bs Ghum=gmn Sar=sr Dev=dyv",
        "ana=Anh wal=vAl iana=yAnh ra=rA oke=vkE hal=hl era=yrA wana=vAnh lar=lR ar=Ar",
    ],
    own: [
        "Boota=bvTA Bagh=bAG Fateh=ftH Jahangir=jhAngyr Aurangzeb=AvrngzIb Safdar=Cfdr Zulfiqar=ZvAlfqAr Khizar=xKr
        Mubashir=mbXr Mudassar=mdVr Muzammil=mzml Tanveer=tnvyr Naveed=nvyd Shabbir=Xbyr Ghous=GvS",
        "Balqees=blqys Sakina=skynh Rasoolan=rsvlAN Nooran=nvrAN Bashiran=bXyrAN Nazeeran=nZyrAN Hanifan=HnyfAN
        Resham=ryXm Zulekha=zlyxA Manzooran=mnWvrAN Anwari=Anvry",
    ],
    men_parts: ["Ghulam=GlAm Ata=eVA Nabi=nby Faqeer=fqyr Kareem=krym", "Rasool=rsvl Mustafa=mCVfy Murtaza=mrtKy Abbas=ebAs Bakhsh=bxX Haider=Hydr"],
    second_share: [0.35, 0.75],
};

/// Sindh.
pub(in crate::names) const SINDHI: People = People {
    families: "
    Soomro=svmrv Memon=mymn Abro=AbRv Chandio=cAnDyv Jatoi=jtvIy Khoso=k~vsv Lashari=lAXAry Mirani=myrAny Panhwar=pnhvr
    Shaikh=Xyx Talpur=tAlpr Junejo=jvnyjv Mahar=mhr Brohi=brvhy Bhutto=b~Tv Khuhro=k~hRv Kalhoro=klhvRv Solangi=svlngy
    Channa=cnA Shar=Xr Unar=Anr Rahu=rAhv Samo=smv Laghari=lGAry Jamali=jmAly Magsi=mgsy Gopang=gvpAng Bhatti=b~Ty
    Kumbhar=kmb~Ar Mallah=mlAH Sahito=shtv Palijo=plyjv Nizamani=nWAmAny Arbab=ArbAb Khaskheli=xACxyly Buriro=bryRv",
    family_parts: [
        "Bhan=b~An Dal=DAl Kat=kAT Lun=lvnD Mang=mng Nar=nAr Or=AvR Pat=pAT Sang=sAng Vis=vys War=vAr Hal=hAl Dah=dAh Jag=jAg Lak=lAk Sum=sm Thar=t~r Vik=vyk Kor=kvr Buj=bj",
        "ro=rv ho=hv ani=Any ejo=yjv oto=vtv ar=Ar ano=Anv lani=lAny iro=yrv",
    ],
    own: [
        "Janib=jAnb Photo=p~vTv Mithal=mTh~l Wadero=vDyrv Sikandar=skndr Punhal=pnhl Bachal=bcl Nangar=nngr Mehboob=mHbvb
        Rano=rAnv Sajan=sAjn Qaim=qAIm Ramzan=rmKAn Shahnawaz=XAhnvAz Ghaus=GvS Mevo=myvv Umaid=Amyd",
        "Marvi=mArvy Sassi=ssy Moomal=mvml Bhagi=b~Agy Mithi=mTh~y Hakima=Hkymh Sabhai=sb~AIy Zebul=zybl Lali=lAly
        Jadul=jAdl Pathani=pTh~Any Hawa=HvA Sahib_Khatoon=CAHb_xAtvn Naziran=nZyrAN",
    ],
    men_parts: ["Allah=Allh Pir=pyr Ali=ely Mir=myr Dad=dAd", "Dino=Dnv Warayo=vrAyv Bux=bxX Jurio=jRyv Rakhio=rk~yv Dito=Dtv"],
    second_share: [0.30, 0.55],
};

/// Khyber Pakhtunkhwa.
pub(in crate::names) const PASHTUN: People = People {
    families: "
    Khan=xAn Afridi=Ofrydy Yousafzai=yvsfzIy Khattak=xTk Bangash=bngX Mohmand=mhmnd Orakzai=AvrkzIy Wazir=vzyr
    Mehsud=mHsvd Shinwari=Xnvry Tareen=tryn Kakar=kAkR Achakzai=AckzIy Marwat=mrvt Swati=svAty Durrani=drAny
    Khalil=xlyl Daudzai=dAvdzIy Tanoli=tnvly Jadoon=jdvn Gandapur=gnDApvr Bettani=bTny Kundi=knDy Utmankhel=AtmAnxyl
    Dawar=dAvR Turi=tvry Barakzai=bArkzIy Alizai=elyzIy Popalzai=pvplzIy Ghilzai=GlzIy",
    family_parts: [
        "Isa=eysy Musa=mvsy Umar=emr Ali=ely Hassan=Hsn Mama=mAmA Sad=sd Nur=nvr Baba=bAbA Shah=XAh Mir=myr Zakha=zxh
        Kuki=kvky Malik=mlk Aka=AkA Babu=bAbv Tor=tvr Spin=spyn Mando=mndv Sulaiman=slymAn Yar=yAr Khush=xvX
        Tatar=tAtr Zarin=zryn",
        "zai=zIy khel=xyl wal=vAl",
    ],
    own: [
        "Zarwali=zrvly Gulzada=glzAdh Sherzaman=XyrzmAn Palwan=plvAn Rokhan=rvxAn Zmarai=zmry Spin=spyn Torak=tvrk
        Baz=bAz Mirwais=myrvys Jalat=jlAt Samandar=smndr Wakil=vkyl Nawab=nvAb Redi=rydy Sultan=slVAn Said=syd",
        "Palwasha=plvXh Spogmay=spvgmy Zarghuna=zrGvnh Gulalai=gllIy Malala=mlAlh Torpekai=tvrpykIy Wrishmina=vrXmynh
        Zartaja=zrtAjh Nazo=nAzv Gulmina=glmynh Shaista=XAIsth Bibi_Hawa=by_by_HvA Brekhna=bryxnh",
    ],
    men_parts: ["Gul=gl Zar=zr Sher=Xyr Noor=nvr Taj=tAj Awal=Avl Mir=myr Baz=bAz", "Khan=xAn Zada=zAdh Wali=vly Mir=myr Afzal=AfKl Rang=rng Wazir=vzyr Nawaz=nvAz"],
    second_share: [0.40, 0.60],
};

/// Balochistan.
pub(in crate::names) const BALOCH: People = People {
    families: "
    Baloch=blvc Bugti=bgTy Marri=mry Rind=rnd Mengal=myngl Bizenjo=byznjv Jamali=jmAly Khetran=k~ytrAn Magsi=mgsy
    Rakhshani=rxXAny Zehri=zhry Raisani=rIysAny Lehri=lhRy Sanjrani=snjrAny Notezai=nvtyzIy Gichki=gcky Hoth=hvt
    Domki=Dvmky Buledi=blydy Mazari=mzAry Leghari=lGAry Langove=lAngv Sasoli=sAsvly Kurd=krd Shahwani=XAhvAny
    Bangulzai=bnglzIy Nausherwani=nvXyrvAny Kalmati=klmty",
    family_parts: [
        "Shah=XAh Dost=dvst Mir=myr Ali=ely Jam=jAm Sher=Xyr Brahim=brAhym Murad=mrAd Hot=hvt Nod=nvd Zang=zng Sal=sAl
        Karim=krym Dad=dAd Lal=lAl Rus=rvs",
        "ani=Any zai=zIy ari=Ary khani=xAny azai=AzIy",
    ],
    own: [
        "Balach=bAlAc Hammal=Hml Chakar=cAkr Gwahram=gvhrAm Doda=dvdA Meerdad=myrdAd Shahmir=XAhmyr Beebarg=bybrg
        Zahro=zhrv Nodbandag=nvdbndg Dilmurad=dlmrAd Sabzal=sbzl Lashkar=lXkr Wash=vX Jiand=jynd",
        "Mahikan=mAhkAn Banuk=bAnk Hani=hAny Granaz=grAnAz Mahganj=mAhgnj Sazin=sAzyn Durdana=drdAnh Shari=Xry
        Naz_Bibi=nAz_by_by Ganj=gnj Mahrang=mAhrng",
    ],
    men_parts: ["Mir=myr Shah=XAh Dad=dAd Sher=Xyr Lal=lel Pir=pyr", "Hazar=hzAr Jan=jAn Karim=krym Murad=mrAd Bakhsh=bxX Dad=dAd Dost=dvst Gul=gl"],
    second_share: [0.35, 0.60],
};
