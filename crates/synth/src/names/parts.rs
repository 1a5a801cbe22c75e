//! Parts from which further Telugu names are composed, in the phonetic code. A last vowel of the first part gives way to a
//! first vowel of the second (veMkaTa + ayya is veMkaTayya).

use super::compose::Parts;

/// What family names (intiperu) are made of: mostly a place and what stands there.
pub(super) const FAMILIES: Parts = Parts {
    firsts: "
    adda akka alla Ala ambaTi anna appana Ari atlU ayina bAla baMDi baTTi beTTa bhIma biTTu bollA bommi boDDu bUra cAva
    cala cERu ciMtA cokka cunDU dADi daggu dEva dommA dorA duggi ela eMDa gADe gajjA gaMdhA garika goDDa gOLi gonna
    guDDa gummA guntu iMDla IDa jakkA jalli jAna jOgi jukka kADa kAki kaLLe kaMci kaMkA kAra kaTi kesa kODe kommA kOna
    koTTA kunda kUna lakki lavu lOya mAda mAmi mADa maNDa mEDa miriyA monda mOpu muddA muggu mUla mutyA nADa nAma nAru
    nelli nidu nUla oggi ODa paccA paDDa pala pAta peDDi pEra pichi pinna poDi polli pOna puccA puLLa rAga rAmi redda
    rEpa roDDa rUpa sabbi sAdu sAla sanna sOma suMka sUda taggu tALa tammi tEla toDDi tOka tumu ulli Uda uppu
    vaDla vaggu vAka vALLa vEma vinna yADa yAma yekka yerra",
    seconds: "
    palli nEni pATi gaDDa mUDi pUDi kuMTa seTTi pAka bOyina tUri kaMTi gOna koMDa vAru cerla golla gunTa vIDu rAju dAsu
    vELLi mAla rEDu kATi",
};

/// Older men's names.
pub(super) const MEN_OLD: Parts = Parts {
    firsts: DEVOUT,
    seconds: "rAvu ayya EzvararAvu mUrti rAmayya svAmi dAsu appa anna ulu mallu gopAlaM nArAyaNa rAmulu liMgaM caMdraM
    paMtulu zAstrulu jOgayya nAyakulu",
};

/// Younger men's names.
pub(super) const MEN_NEW: Parts = Parts {
    firsts: DEVOUT,
    seconds: "kumAr prasAd nAth kiraN tEja caraN kAMt EMdra Ezvar vardhan zEkhar sAgar mOhan dIp bhUSaN rAj vINu pavan
    caMdra gOpi",
};

/// Short modern names of men.
pub(super) const MEN_MODERN: Parts = Parts {
    firsts: MODERN,
    seconds: "vIN kAz zAl tan nES jIt maNi rUp dIS raN zIl van vEk hAs mOd kar nIt jas dEv tEz lOk bhAn rISi vAn gat
    tIk hEz rab pal yas",
};

/// Older women's names.
pub(super) const WOMEN_OLD: Parts = Parts {
    firsts: DEVOUT,
    seconds: "amma Ezvaramma ammAyi AMDALu sItamma lakSmamma mAMba tulasi suMdari kAMtaM vENamma nAyakamma ratnamma
    bhadramma cellamma gauramma mANikyaM buDamma pulamma daMDamma",
};

/// Younger women's names.
pub(super) const WOMEN_NEW: Parts = Parts {
    firsts: DEVOUT,
    seconds: "lakSmi dEvi kumAri vati Ezvari rANi latA jyOti maNi prabha vaLLi mukhi mAdhuri bAla durga dIpti mati rUpa
    priya zrI",
};

/// Short modern names of women.
pub(super) const WOMEN_MODERN: Parts = Parts {
    firsts: MODERN,
    seconds: "nIta lEkha hAsini vaLi janya kSita Sita mitra navi riSa tika lIla dita janI masvi rati niSa ruti smita
    jasvi jita vIna pika taNi zini kRti mEdha vANI saMdi yaSi",
};

const DEVOUT: &str = "
    veMkaTa rAma kRSNa nAga subba satya sUrya vIra rAja raMga narasiMha gOpAla gOviMda hari ziva zaMkara guru dharma bAla
    bhAskara caMdra iMdra jaya vijaya kOTi koMDala mOhana murali nArAyaNa padma prabhAkara pUrNa raghu ratna sAMba saMjIva
    sESa sOma sudha suMdara tirupati trilOka vAsu vENu viSNu yOga Adi appala aruNa azOka bApa basava brahma buddha cakra
    cenna dAmOdara dEva gaMgA gaNapati hanuma jagan kALi kamala kanaka kEzava kumAra lOka madana mahA mANikya mutyAla nIla
    nUka parama pOla rAghava ramaNa sanyAsi sarva tAtA tulasi udaya varada vasaMta aMkama bhavAni bhUlOka ciTTi dhana
    dIna eruka gaurI guNNa janArdana kAma kAtyA kodaMDa kuppa lava mAdhava mAlyAdri maMga mastu mIna mUla naMda
    pAMDu pEraM pOtu punna puSpa raNa rOsa saiya sItA somula sUra sUri tAmara tavi uma uttama vaDDi vALmi vara varAha vEda
    viziSTa yalla yAdava yerra";

const MODERN: &str = "
    pra vi ni a su sa ra ja ha ka ma na abhi anu zrI dhI tri cai kau dI pa va cE hE kI rI lA ta yO mO nE mRdu tEjO Adi
    zau sAyi kai mai vai nava jAh lO hAri";
