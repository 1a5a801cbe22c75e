//! Given names of Christian families, who keep Telugu family names, in the phonetic code.

/// Men.
pub(super) const MEN: &str = "
    prasAd=Prasad jAn=John pAl=Paul dEviD=David yEsu=Yesu samuyEl=Samuel AbrahAM=Abraham yAkObu=Yakobu jOjibAbu=Jojibabu
    kiraN=Kiran sudhIr=Sudheer vijayakumAr=Vijayakumar jEms=James dAniyEl=Daniel pItar=Peter rAjaratnaM=Rajaratnam
    dAnaM=Danam immAnyuyEl=Immanuel jOSuvA=Joshua mOSE=Moshe AnaMdarAvu=Anandarao bAburAvu=Baburao suMdaraM=Sundaram
    sTIfen=Stephen thAmas=Thomas jOsaf=Joseph";

/// Women.
pub(super) const WOMEN: &str = "
    mEri=Mary mariyamma=Mariyamma rUtu=Ruth estEru=Esther karuNa=Karuna suvArta=Suvartha dayAmaNi=Dayamani
    zAMtakumAri=Santhakumari elijabet=Elizabeth rAhElu=Rahelu sArA=Sara grEs=Grace kRpa=Krupa jIvamaNi=Jeevamani
    nirIkSaNa=Nireekshana sampUrNa=Sampurna vimala=Vimala prEmalata=Premalatha rOjmeri=Rosemary jayakumAri=Jayakumari
    salOmi=Salomi hannA=Hanna rAjakumAri=Rajakumari ratnakumAri=Ratnakumari";
