//! Names of Muslim families of coastal Andhra, in the phonetic code. The family's word (Shaik, Syed) is shared by very many.

/// Family words; the first four carry most families.
pub(super) const FAMILIES: &str = "
    SEk=Shaik sayyad=Syed mahammad=Mohammed paThAn=Pathan abdul=Abdul mogal=Mogal qAn=Khan bEg=Baig SarIf=Shareef
    dUdEkula=Dudekula patAn=Pattan mirjA=Mirza";

/// Men.
pub(super) const MEN: &str = "
    bASA=Basha mastAn=Mastan rahImAn=Rahiman khAdar=Khader nAgUr=Nagur karImullA=Karimulla Ali=Ali khAjA=Khaja
    silAr=Silar subhAni=Subhani abdullA=Abdulla hussEn=Hussain ibrAhIM=Ibrahim ismAyil=Ismail jAni=Jani
    saidulu=Saidulu mIrA=Meera imrAn=Imran irfAn=Irfan yUsuf=Yousuf salIM=Saleem rafI=Rafi SafI=Shafi bAji=Baji
    nazIr=Nazeer hanIf=Haneef kAsIM=Khasim madAr=Madar maulAli=Moulali riyAZ=Riyaz anvar=Anwar ahmad=Ahmed
    sultAn=Sultan jAkIr=Zakir";

/// Second words of men.
pub(super) const MEN_SECOND: &str = "
    vali=Vali bASA=Basha sAheb=Saheb Ali=Ali miyA=Miya hussEn=Hussain ahmad=Ahmed rahImAn=Rahiman uddIn=Uddin";

/// Women.
pub(super) const WOMEN: &str = "
    khAsimbi=Khasimbi mastAnbi=Mastanbi fAtimA=Fathima AyESA=Ayesha khairunnIsA=Khairunnisa mumtAj=Mumtaz
    rajiyA=Raziya SabAnA=Shabana parvIn=Parveen salImA=Saleema nUrjahAn=Noorjahan gausiyA=Gousiya ASAbi=Ashabi
    hasInA=Haseena mahabUb=Mahaboob ramIjA=Rameeza rihAnA=Rihana sAbirA=Sabira sultAnA=Sultana tAherA=Tahera
    jarInA=Zareena habIbA=Habeeba nasIMA=Naseema SAhIn=Shaheen rijvAnA=Rizwana SamSAd=Shamshad mahammadbi=Mohammadbi
    jaitUn=Jaitoon bIbIjAn=Bibijan karImun=Karimun";

/// Second words of women, nearly weightless as evidence.
pub(super) const WOMEN_SECOND: &str =
    "bI=Bi bEgaM=Begum khAtUn=Khatoon bAnu=Banu jAn=Jan unnIsA=Unnisa";
