//! Composes names of villages and mandals.

use std::collections::HashSet;

use super::Village;
use crate::{dice::Dice, latin, order::Programme, phonetic, urdu};

const BEFORE: &str = "pedda cinna kotta pAta";
const STEMS: &str = "
    nalla golla rAma kRSNa vEla mukku tADi ciMta gaMga maMga dEvara guMDla pOtu vaDDe erra kaMdu mAmiDi jammi rAvi
    pasumarti koMDa kanaka gauri lakSmi naMdi vEpa tumma munagala bommala pAmula cilaka nEla vIra aMka buri muppa
    yaDla nUti cEkUr ganne jonna veMka siMga uppu sOma gOpAla narasa tirumala dharma sItA paMDita kApu vellaM";
const ENDS: &str = "
    palli pAleM puraM pADu gUDeM pETa varaM parru mUDi cerla
    vAripAleM lapUDi doDDi kuduru";

/// What settlements of each province of Pakistan are called first, and after whom; `Latin=letters` of Urdu.
const SETTLEMENTS: [&str; 4] = [
    "Kot=kvT Basti=bsty Pind=pnD Chak=ck Mauza=mvKe Thatha=Th~Th~h Dera=DyrA Nawan=nvAN Jhok=j~vk Kotla=kvTlh",
    "Goth=gvTh~ Dhani=d~nny Pir=pyr Deh=dyh Mirpur=myrpvr Tando=TnDv Naun=nAvN Khairpur=xyrpvr",
    "Killi=kly Banda=bAnDh Kandi=knDy Garhi=gR~y Kohna=khnh Bara=bARh Mian=myAN Sar=sr",
    "Killi=kly Goth=gvTh~ Kalat=klAt Dasht=dXt Mach=mc Nok=nvk Kahan=khAn Shahr=Xhr",
];
const FOUNDERS: &str = "
    Rahim=rHym Karim=krym Malik=mlk Sultan=slVAn Lal=lel Sher=Xyr Gul=gl Mir=myr Shah=XAh Haji=HAjy Nawab=nvAb Murad=mrAd
    Bahadur=bhAdr Sardar=srdAr Fateh=ftH Noor=nvr Jamal=jmAl Kamal=kmAl Wali=vly Ahmad=AHmd Hayat=HyAt Dost=dvst Jan=jAn
    Alam=eAlm Rustam=rstm Sikandar=skndr Daud=dAvd Yusuf=yvsf Ismail=AsmAeyl Ibrahim=AbrAhym Adam=Odm Qasim=qAsm
    Ghazi=GAzy Baloch=blvc Arain=ArAIyN Jatt=jT Sohrab=shrAb Taj=tAj Zaman=zmAn Azam=AeWm";
const LASTS: &str = "=- =- Wala=vAlA Khan=xAn Abad=ObAd Pur=pvr Garh=gR~ Kalan=klAN Khurd=xrd Sharif=Xryf Shumali=XmAly
    Janubi=jnvby Gharbi=Grby Sharqi=Xrqy";

/// Composes names from their parts.
#[derive(Debug)]
pub(super) struct Composer {
    programme: Programme,
    before: Vec<&'static str>,
    stems: Vec<&'static str>,
    ends: Vec<&'static str>,
    settlements: Vec<Vec<&'static str>>,
}

impl Composer {
    pub(super) fn new(programme: Programme) -> Self {
        let words = |list: &'static str| list.split_whitespace().collect();
        let pakistan = programme == Programme::Ehsaas;
        Self {
            programme,
            before: words(BEFORE),
            stems: words(if pakistan { FOUNDERS } else { STEMS }),
            ends: words(if pakistan { LASTS } else { ENDS }),
            settlements: SETTLEMENTS.map(words).into(),
        }
    }

    /// A village of a name not yet known, in no mandal yet.
    pub(super) fn compose(
        &self,
        part: usize,
        dice: &mut Dice,
        known: &mut HashSet<String>,
    ) -> Village {
        loop {
            let (name, native, code) = match self.programme {
                Programme::PeopleHub => self.telugu(dice),
                Programme::Ehsaas => self.urdu(part, dice),
            };
            if known.insert(name.clone()) {
                return Village { name, native, code, mandal: 0, part, district: "" };
            }
        }
    }

    fn telugu(&self, dice: &mut Dice) -> (String, String, String) {
        let prefix = if dice.chance(0.15) { *dice.pick(&self.before) } else { "" };
        let code = format!("{prefix}{}{}", dice.pick(&self.stems), dice.pick(&self.ends));
        (latin::usual(&code), phonetic::telugu(&code), code)
    }

    fn urdu(&self, part: usize, dice: &mut Dice) -> (String, String, String) {
        let entries =
            [*dice.pick(&self.settlements[part]), *dice.pick(&self.stems), *dice.pick(&self.ends)];
        let words = entries.map(|entry| entry.split_once('=').unwrap_or((entry, "")));
        let [name, code] = [words.map(|word| word.0), words.map(|word| word.1)]
            .map(|words| words.join("_").trim_end_matches(['_', '-']).to_owned());
        let name = name.replace('_', " ");
        if dice.chance(0.1) {
            let number = dice.between(2, 190).to_string();
            return (format!("{name} {number}"), format!("{} {number}", urdu::script(&code)), code);
        }
        (name, urdu::script(&code), code)
    }
}
