//! Telugu names in the phonetic code, the frequent ones first. `=` gives a Latin spelling that custom fixed.

/// Family names (intiperu).
pub(super) const FAMILIES: &str = "
    koMDapalli kolli guMTUri=Gunturi bomminEni ciMtala vEmuri paiDi nallamOtu yarlagaDDa dAsari gorrela maddinEni
    pOtula muppALLa AlapATi komminEni gollapUDi=Gollapudi vallabhanEni cennamsETTi=Chennamsetty pasupulETi=Pasupuleti
    tummala gaddE=Gadde mannava bollinEni kArumUri=Karumuri jammula pinneti pEraM tirumala=Tirumala akkinEni
    mEDikoMDa baMDAru badugu kAkumAnu kOneru sUrapanEni lakkAkula puvvADa guDivADa taDikoMDa cerukUri=Cherukuri
    kAkarla boppana bezavADa=Bezawada nAgireDDi=Nagireddy gaMTA=Ganta madAla moTUri oMTeru vAsireDDi=Vasireddy
    pAlaparti nUtakki kilAri kOlA=Kola maTTA=Matta ravi=Ravi tOTa=Thota mEkala=Mekala yEDukoMDala goTTipATi=Gottipati
    dEvinEni kaTTA=Katta guttikoMDa yalamaMcili mullapUDi=Mullapudi arikapUDi=Arikapudi jonnalagaDDa mallAdi kAza=Kaza
    peddinEni cilukUri=Chilukuri iMTUri=Inturi ImaNi=Emani uppala UTukUri=Utukuri ElUri=Eluri kaMdukUri=Kandukuri
    rAyapATi rAvipATi ganneti cappiDi=Chappidi nAraM nETi veligapUDi=Veligapudi sajja sAyapanEni soMpalli
    tADEpalli=Tadepalli tALLUri=Talluri vaDDE=Vadde varikUTi=Varikuti vuppalapATi vUTla yenumala=Yenumula yerramseTTi=Yerramsetty
    bATTula=Battula baikA=Baika bODEpUDi=Bodepudi bUrugupalli burra billa biTrA=Bitra gaDDaM gAdi=Gadi giDDi
    gOguleni guMDAla guruvelli jAgarlamUDi=Jagarlamudi jaMgA=Janga juvvala kaDiyAla kallUri kamma kanaparti kAnUri
    karri kattula kaviTi kODUri kOMDrU=Kondru koppula kosarAju=Kosaraju kurrA=Kurra lElla liMgaM
    mAgaMTi mallela mAnukoMDa mArella mOTamarri nakka nimmagaDDa nUkala oggu pADi=Padi paMTula peMTela peyyala
    pilli=Pilli pOluri puli=Puli rAcakoMDa rEgaDa sAkA=Saka saMkA=Sanka siddi=Siddi sUre tALaM=Thalam tELLa=Tella";

/// Titles that the men of a family carry last.
pub(super) const TITLES: &str = "
    rAvu=Rao reDDi=Reddy nAyuDu=Naidu rAju=Raju yAdav=Yadav gauD=Goud caudari=Chowdary seTTi=Setty varma=Varma
    zAstri=Sastry zarma=Sarma nAyak=Naik mudirAj=Mudiraj guptA=Gupta";

/// Men born before about 1970.
pub(super) const MEN_OLD: &str = "
    veMkaTEzvarlu veMkayya zrInivAsarAvu=Srinivasarao nAgEzvararAvu=Nageswararao subbArAvu=Subbarao rAmayya
    satyanArAyaNa AMjanEyulu narasiMhArAvu=Narasimharao koTEzvararAvu=Koteswararao rAmArAvu=Ramarao
    hanumaMtarAvu=Hanumantharao subbayya nAgayya kRSNamUrti=Krishnamurthy lakSmayya kOTayya pullayya
    veMkaTarAmayya sAMbazivarAvu=Sambasivarao prasAdarAvu=Prasadarao gOpAla=Gopal basivayya
    appArAvu=Apparao sUryanArAyaNa raMgArAvu=Rangarao pErayya guravayya yellayya mallayya rAmulu bAlayya
    cinnayya peddayya cennayya viSNuvardhan=Vishnuvardhan EDukoMDalu narasayya pOlayya rAghavulu=Raghavulu saMjIvarAvu=Sanjeevarao
    kESavulu=Kesavulu bhImayya sItArAmayya=Seetharamaiah nArAyaNa basavayya aMkayya gOviMdu=Govindu buccayya
    zivayya kanakayya raMgayya rAjayya sAyanna vIrayya tirupatayya=Tirupathaiah cakrapANi dazarathi=Dasaradhi
    janArdhan=Janardhan paTTAbhi jaganmOhan=Jaganmohan puruSOttaM=Purushotham vIrabhadraM=Veerabhadram sundararAvu=Sundararao
    bhAskararAvu=Bhaskararao mOhanarAvu=Mohanarao cinnapayya";

/// Men born after about 1985.
pub(super) const MEN_NEW: &str = "
    zrInivAs sAyi=Sai ramES surES rAjES mahES nAgarAju=Nagaraju kiraN ravi=Ravi anil sunIl=Sunil prazAMt=Prashanth
    gOpi zivA=Siva kRSNa harSa=Harsha navIn=Naveen pavan=Pavan rAkES vaMzI=Vamsi caraN tEja=Teja kArtIk=Karthik
    manOj=Manoj vijay=Vijay vinay=Vinay ajay=Ajay azOk=Ashok satIS=Satish harIS=Harish girIS=Girish nAgEMdra=Nagendra
    rAghavEMdra=Raghavendra suman=Suman sumaMt=Sumanth akhil=Akhil abhi=Abhi gaNES=Ganesh dinES=Dinesh
    lOkES=Lokesh mukES=Mukesh narES narEMdra=Narendra rAm=Ram lakSmaN=Lakshman bharat=Bharath pradIp=Pradeep
    saMdIp=Sandeep dIpak=Deepak raghu=Raghu rOhit=Rohith uday=Uday tEj=Tej vikram=Vikram yuvarAj=Yuvaraj
    nitin=Nithin nAni=Nani cirajIvi=Chiranjeevi bAlakRSNa=Balakrishna rAmakRSNa=Ramakrishna zivakumAr=Sivakumar
    AnaMd=Anand aruN=Arun dharma=Dharma IzvarudU=Eswarudu jagadIS=Jagadeesh jIvan=Jeevan kOTES=Kotesh
    madhu=Madhu murali=Murali phaNi=Phani prabhAkar=Prabhakar zaMkar zEkhar sudhAkar=Sudhakar trinAth=Trinadh varuN=Varun";

/// Second given words of men.
pub(super) const MEN_SECOND: &str = "
    kumAr=Kumar bAbu=Babu rAvu=Rao prasAd=Prasad kRSNa rAju=Raju rAm=Ram mOhan=Mohan ramaNa=Ramana nAth=Nath
    cAri=Chari mUrti=Murthy svAmi=Swamy cannA=Channa tEja=Teja";

/// Women born before about 1970.
pub(super) const WOMEN_OLD: &str = "
    lakSmi veMkaTamma=Venkatamma subbamma nAgamma rAmamma sItamma=Seethamma maMgamma=Mangamma kOTamma aMjamma=Anjamma
    veMkAyamma=Venkayamma lakSmamma aMkamma sAvitri=Savithri sarOjini=Sarojini sarasvati=Saraswathi pArvati=Parvathi
    raMgamma rattamma=Rattamma pullamma ramaNamma=Ramanamma nAgaratnaM=Nagaratnam kamala=Kamala rAjyaM=Rajyam
    kanakamma acyutamma=Achyuthamma accamma bullemma=Bullemma cinnammAyi=Chinnammayi cinnamma peddamma appamma
    AdilakSmi Ademma annapUrNa=Annapurna anasUya=Anasuya bhAratamma=Bharathamma bramarAMba=Bramaramba
    dhanalakSmi=Dhanalakshmi durgamma gaMgamma gOviMdamma=Govindamma hanumAyamma=Hanumayamma jayamma=Jayamma
    kRSNavENi=Krishnaveni kAzamma=Kasamma kausalya=Kousalya mahAlakSmi=Mahalakshmi mariyamma=Mariyamma
    musalamma narasamma nAMcAramma=Nancharamma padmAvati=Padmavathi pOlamma puSpAvati=Pushpavathi rAghavamma
    rAjEzvari rukmiNi=Rukmini zakuMtala=Sakunthala zAMtamma=Santhamma satyavati=Satyavathi sUramma
    suzIla=Suseela tirupatamma=Tirupathamma tulasamma=Tulasamma vajramma vIramma=Veeramma yallamma yazOda=Yashoda";

/// Women born after about 1985.
pub(super) const WOMEN_NEW: &str = "
    lAvaNya=Lavanya anUSa=Anusha divya=Divya maunika=Mounika svAti=Swathi bhavAni=Bhavani sunIta=Sunitha kavita=Kavitha
    rAdhika=Radhika sujAta anita=Anitha padma=Padma jyOti=Jyothi rajani=Rajani suma=Suma mAdhavi=Madhavi sirISa=Sireesha
    zrIlakSmi=Srilakshmi vijayalakSmi=Vijayalakshmi nAgalakSmi=Nagalakshmi gIta=Geetha latA=Latha mamata=Mamatha
    rEvati=Revathi saMdhya=Sandhya zailaja=Sailaja zilpa=Silpa zrAvaNi=Sravani harika=Harika haritA=Haritha hEma=Hema
    iMdu=Indu jaya=Jaya jhAnsi=Jhansi kalyANi=Kalyani kAvya=Kavya kIrti=Keerthi kusuma=Kusuma mAlati=Malathi
    manISa=Manisha maMjula mInA=Meena nirmala=Nirmala pallavi=Pallavi pAvani=Pavani pravaLLika=Pravallika
    prasanna=Prasanna priyAMka=Priyanka puSpa=Pushpa ramAdEvi=Ramadevi ramya=Ramya rOja=Roja rUpa=Rupa sAhiti=Sahithi
    saMgIta=Sangeetha zAMti=Santhi sarita=Saritha saujanya=Sowjanya snEha=Sneha saumya=Sowmya spaMdana=Spandana
    sudha=Sudha sumalata=Sumalatha supriya=Supriya surEkha=Surekha tEjasvi=Tejaswi trivENi=Triveni uSa=Usha
    vANi=Vani vasaMta=Vasantha vENi=Veni vidya=Vidya yAmini=Yamini bhArgavi=Bhargavi cAMdini=Chandini";

/// Second given words of women.
pub(super) const WOMEN_SECOND: &str = "
    dEvi=Devi kumAri=Kumari lakSmi rANi=Rani bAyi=Bai ratnaM=Ratnam maNi=Mani vENi=Veni latA=Latha zrI=Sri priya=Priya
    durga=Durga";
