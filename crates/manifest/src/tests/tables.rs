//! Word tables and places.

use super::fixture::Folder;

#[test]
fn words() {
    let folder = Folder::new();
    folder.write("common/words/gender.toml", "version = 1\n[words]\nM = [\"mle\", \"he\"]\n");
    folder.write("hub/words/gender.toml", "version = 1\n[words]\nO = [\"he\"]\n");
    folder.write(
        "hub/words/money.toml",
        "version = 1\n[words]\n100000 = [\"lk\"]\n\"0.5\" = [\"half\"]\n",
    );
    let pipeline = folder.load().unwrap();
    let pairs = |at: usize| {
        let table = &pipeline.words[at];
        let pairs = table.pairs.iter().map(|(meaning, word)| format!("{meaning}={word}"));
        format!("{}: {}", table.kind, pairs.collect::<Vec<_>>().join(" "))
    };
    assert_eq!(pairs(0), "gender: M=mle M=he");
    assert_eq!(pairs(1), "gender: O=he");
    assert!(pairs(2).contains("100000=lk") && pairs(2).contains("0.5=half"));
    assert_eq!(pipeline.words.len(), 3);
}

#[test]
fn words_that_are_wrong() {
    let folder = Folder::new();
    folder.write("hub/words/gendr.toml", "version = 1\n[words]\n");
    folder.write("hub/words/yes_no.toml", "version = 1\n[words]\nmaybe = [\"perhaps\"]\n");
    folder.write("hub/words/quantity.toml", "[words]\nkg = [\"kilo\"]\n");
    let problems = folder.problems().join("\n");
    for said in [
        "hub/words/gendr.toml: there are no words of the kind `gendr` | did you mean `gender`?",
        "hub/words/yes_no.toml:3:",
        "`maybe`",
        "hub/words/quantity.toml: `version` is missing",
        "hub/words/quantity.toml:2: `kg` is no factor",
    ] {
        assert!(problems.contains(said), "{said} not in\n{problems}");
    }
}

#[test]
fn words_that_contradict_themselves() {
    let folder = Folder::new();
    let twice = "version = 1\n[words]\nM = [\"x\", \"mle\"]\nF = [\"X \"]\n";
    folder.write("hub/words/gender.toml", twice);
    let said = "hub/words/gender.toml:4: `X ` means `M` and `F` | leave it to one of the two";
    assert_eq!(folder.problems(), [said]);
}

const PLACES: &str = "# a remark\nlevel,code,name,also,formerly,valid_from\n\
    district,510,Krishna,,,\ndistrict,749,NTR,NTR Vijayawada; Vijayawada,510,2022-04-04\n";

#[test]
fn places() {
    let folder = Folder::new();
    assert!(folder.load().unwrap().places.is_empty());
    folder.write("hub/places/districts.csv", PLACES);
    folder.write(
        "hub/places/corrections.csv",
        "level,text,code\ndistrict,KRSN,510\ndistrict,none,\n",
    );
    let pipeline = folder.load().unwrap();
    let ntr = &pipeline.places[1];
    assert_eq!((ntr.code.as_deref(), ntr.valid_from.as_deref()), (Some("749"), Some("2022-04-04")));
    assert_eq!(ntr.also, ["NTR Vijayawada", "Vijayawada"]);
    assert_eq!(ntr.formerly, ["510"]);
    assert_eq!((ntr.parent.as_deref(), ntr.valid_to.as_deref()), (None, None));
    let codes: Vec<_> = pipeline.place_corrections.iter().map(|one| one.code.as_deref()).collect();
    assert_eq!(codes, [Some("510"), None]);
    assert!(pipeline.files.contains(&folder.path("hub/places/districts.csv")));
}

#[test]
fn places_that_are_wrong() {
    let folder = Folder::new();
    let table = PLACES.replace("2022-04-04", "4-4-2022")
        + "city,1,Guntur,,,\ndistrict,1,,,,\ndistrict,1\n\
        district,510,Krishna,,,\n";
    folder.write("hub/places/districts.csv", &table);
    folder.write("hub/places/more.csv", "level,kode,name\n");
    let problems = folder.problems().join("\n");
    for said in [
        "hub/places/districts.csv:4: `valid_from` must be a date such as 2022-04-04, not `4-4-2022`",
        "hub/places/districts.csv:5: `city` is no level of a place",
        "hub/places/districts.csv:6: `name` is empty",
        "hub/places/districts.csv:7: the line has other columns than the header",
        "hub/places/districts.csv:8: the district `510` stands here twice",
        "hub/places/more.csv:1: `kode` is no column of this table | did you mean `code`?",
        "hub/places/more.csv:1: the column `code` is missing",
    ] {
        assert!(problems.contains(said), "{said} not in\n{problems}");
    }
    let folder = Folder::new();
    folder.write("hub/places/districts.csv", PLACES);
    folder.write("hub/places/corrections.csv", "level,text,code\ndistrict,KRSN,511\n");
    let said = "hub/places/corrections.csv:2: there is no district with the code `511`";
    assert_eq!(folder.problems(), [said]);
}

#[test]
fn places_that_contradict_themselves() {
    let folder = Folder::new();
    let table = "level,code,name,parent,formerly,valid_from,valid_to\n\
        district,510,Krishna,,,2022-04-04,2020-01-01\ndistrict,2.8E+03,NTR,,,,\n\
        district,511,Guntur,,1.2e+05,,\n";
    folder.write("hub/places/districts.csv", table);
    let problems = folder.problems().join("\n");
    for said in [
        "hub/places/districts.csv:2: `valid_to` 2020-01-01 lies before `valid_from` 2022-04-04",
        "hub/places/districts.csv:3: `code` is `2.8E+03`: a spreadsheet has shortened the number | format",
        "hub/places/districts.csv:4: `formerly` is `1.2e+05`: a spreadsheet has shortened the number",
    ] {
        assert!(problems.contains(said), "{said} not in\n{problems}");
    }

    let folder = Folder::new();
    let circle =
        "level,code,name,parent\ndistrict,1,A,2\ndistrict,2,B,1\ndistrict,3,C,3\ndistrict,4,D,9\n";
    folder.write("hub/places/districts.csv", circle);
    let problems = folder.problems();
    assert_eq!(problems.len(), 3, "{problems:?}");
    let said = "hub/places/districts.csv:2: the district `A` has the parent `2`, and so lies in itself | \
        the parent is the code of a place of a level above, or nothing";
    assert_eq!(problems[0], said);

    let folder = Folder::new();
    let table = "level,code,name,parent\ndistrict,1,Guntur,\ndistrict,2,Krishna,\nmandal,10,Kondapuram,1\n\
        mandal,11,Kondapuram,2\nvillage,100,Rampuram,Kondapuram\nvillage,101,Rampuram,11\n";
    folder.write("hub/places/all.csv", table);
    let said = "hub/places/all.csv:6: the village `Rampuram` has the parent `Kondapuram`, which 2 places of the \
        level mandal are called | name the parent by its code";
    assert_eq!(folder.problems(), [said]);
}

#[test]
fn places_that_name_others() {
    let folder = Folder::new();
    folder.write("hub/places/districts.csv", PLACES);
    let mandals = "level,code,name,parent,census\nmandal,5033,Vinukonda,506,05033\nmandal,,Nandigama,NTR,\n\
        mandal,,Kondapuram,krishna,\nmandal,,Kondapuram,NTR,\n";
    folder.write("hub/places/mandals.csv", mandals);
    let said = "hub/places/mandals.csv:2: the mandal `Vinukonda` names `506`, which no table has";
    assert_eq!(folder.problems(), [said]);

    let folder = Folder::new();
    folder.write("hub/places/districts.csv", PLACES);
    folder.write("hub/places/mandals.csv", &mandals.replace("506", "749"));
    folder.write("hub/places/corrections.csv", "level,text,parent,code\nmandal,Nandi,,nandigama\n");
    let pipeline = folder.load().unwrap();
    assert_eq!(pipeline.places[2].census.as_deref(), Some("05033"));
    assert_eq!(pipeline.places[3].code, None);

    let folder = Folder::new();
    folder.write("hub/places/districts.csv", PLACES);
    let twice = "district,KRSN,Andhra,510\ndistrict,krsn,andhra,749\ndistrict,KRSN,,749\n";
    folder.write("hub/places/corrections.csv", &format!("level,text,parent,code\n{twice}"));
    let said = "hub/places/corrections.csv:3: the district `krsn` is settled here twice";
    assert_eq!(folder.problems(), [said]);

    let folder = Folder::new();
    let many: Vec<_> = (0..50).map(|at| format!("village,{at},Village {at},X{at}")).collect();
    let many = format!("level,code,name,parent\n{}\n", many.join("\n"));
    folder.write("hub/places/villages.csv", &many);
    assert_eq!(folder.load().unwrap().places.len(), 50, "no level above is known");
    folder.write("hub/places/districts.csv", PLACES);
    let problems = folder.problems();
    assert_eq!(problems.len(), 21);
    assert!(
        problems.iter().any(|one| one.ends_with("30 more lines name places that no table has"))
    );
}
