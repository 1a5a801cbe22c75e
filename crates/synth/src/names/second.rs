//! The lists written for vocabulary B where composing alone would not do: titles, second words, Muslim and Christian names.
//! None of these stands in a list of vocabulary A.

use super::compose::Parts;

/// Titles that the men of a family carry last.
pub(super) const TITLES: &str = "cetti=Chetty paMtulu=Panthulu vaDiyAr=Vadiyar rANA=Rana gupta siMg=Singh reDDiyAr=Reddiar kApu dEv=Dev ayyar=Iyer";

/// Second given words of men and of women.
pub(super) const MEN_SECOND: &str = "
    caMdra=Chandra zEkhar=Sekhar bhUSaN=Bhushan varaprasAd=Varaprasad gOpAl=Gopal dAs=Das kAMt=Kanth sAgar=Sagar dEv=Dev
    nArAyaN=Narayan liMgaM=Lingam dIp=Deep";
pub(super) const WOMEN_SECOND: &str = "
    jyOti=Jyothi bAla=Bala prabha=Prabha suMdari=Sundari tAyAru=Thayaru vaLLi=Valli kalpa=Kalpa mAla=Mala gaurI=Gowri
    vANi=Vani nidhi=Nidhi";

/// Family words of Muslims.
pub(super) const MUSLIM_FAMILIES: &str = "
    siddIqI=Siddiqui ansArI=Ansari kuraiSI=Qureshi fArUqI=Farooqui saudAgar=Saudagar kAjI=Qazi mullA=Mulla attAr=Attar
    maniyAr=Maniyar hASmI=Hashmi nadAf=Nadaf bAgvAn=Bagwan inAMdAr=Inamdar jamAdAr=Jamadar tAMbOLi=Tamboli
    piMjArI=Pinjari rizvI=Rizvi usmAnI=Usmani garIb=Gareeb sipAyi=Sipayi";

/// Second words of Muslim men and women.
pub(super) const MUSLIM_MEN_SECOND: &str =
    "pASA=Pasha sAb=Sab rajAk=Razak karIM=Kareem jilAnI=Jilani kAdrI=Qadri mohiddIn=Mohiddin";
pub(super) const MUSLIM_WOMEN_SECOND: &str =
    "bIbI=Bibi parvIn=Parvin khAnaM=Khanam sultAn=Sultan jahAn=Jahan mA=Ma nAj=Naz";

/// Muslim names are made of these.
pub(super) const MUSLIM_MEN: Parts = Parts {
    firsts: "
    karIM rahIM salIM nasIr basIr munIr jamIl kamAl jalAl jamAl nUr zams fakIr gafUr sattAr jabbAr rajAk vahAb hakIM
    aZIZ latIf hamId rasId majId vahId sAdik tAhir nAsir yAsIn khalIl jalIl SakIl sarvar akbar asgar ismat mahbUb mukhtAr
    hafIZ niZAM imAM pIr cAMd gulAb mOti lAl",
    seconds: "ulla uddIn vali bASA sAb pIrA mIrA ahmad husEn alI khAn mastAn",
};
pub(super) const MUSLIM_WOMEN: Parts = Parts {
    firsts: "
    karIM rahIM salIM nasIr basIr munIr jamIl kamAl nUr zams mEhr gul ZEb nAZ cAMd husn badr tAj fAt khair latIf hamId
    rasId vahId tAhir nAsir hafIZ amIr raZI rOSan ZarIn dil mAh sitAr",
    seconds: "unnIsA bAnu jAn bEgaM bI a parvIn khAtUn jahAn bIbI",
};

/// Christian names are made of these.
pub(super) const CHRISTIAN_MEN: Parts = Parts {
    firsts: "
    rAja jaya vijaya kRpA dAna prEma satya jIva AnaMda prabhu divya karuNa nitya ratna zAMta vinaya dayA mahimA nava
    sundara amRta jJAna zubha dhanya",
    seconds: "rAj kumAr bAbu dAs pAl jAn prakAz samuyEl dEvid sEkhar dIp kiraN raMjan vardhan sAgar",
};
pub(super) const CHRISTIAN_WOMEN: Parts = Parts {
    firsts: "
    rAja jaya vijaya kRpA dAna prEma satya jIva AnaMda prabhu divya karuNa nitya ratna zAMta vinaya dayA mahimA nava
    sundara amRta jJAna zubha dhanya",
    seconds: "mEri maNi latA kumAri jyOti ratnaM rANi grEs sundari vENi kaLa priya mAla vati dEvi",
};
