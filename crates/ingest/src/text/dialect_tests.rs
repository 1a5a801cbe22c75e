//! Tables of texts and their dialects.

use super::*;

fn word(text: &str) -> String {
    let found = sniff(text.as_bytes(), &Reading::default());
    let sign = |byte: Option<u8>| byte.map_or("-".to_owned(), |b| char::from(b).to_string());
    format!("{} {} {}", found.delimiter.word(), sign(found.quote), sign(found.escape))
}

#[test]
fn delimiters() {
    for (text, delimiter) in [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2\n3,5;4\n", ";"),
        ("name;note\nRavi;one, two\nSita;a, b, c\n", ";"),
        ("a\tb\n1\t2\n", "tab"),
        ("a|b\n1|#e#\n", "|"),
        ("Pensions, Guntur, 2026\n\nid;name\n1;Ravi\n2;Sita\n3;Lila\n", ";"),
        ("one\ntwo\n", ","),
        ("sep=|\na,b|c,d\n1,2|3,4\n", "|"),
        ("\"a;b\",\"c;d\"\n\"1;2\",\"3;4\"\n", ","),
        ("id||name||amount\n1||Ravi||5\n2||Sita||6\n", "||"),
        ("id~|~name~|~amount\n1~|~Ravi~|~5\n2~|~Sita~|~6\n", "~|~"),
        ("id::name::at\n1::Ravi::10:20\n2::Sita::11:30\n", "::"),
        ("id¦name¦amount\n1¦Ravi¦5\n2¦Sita¦6\n", "¦"),
        ("id, name, amount\n1, Ravi, 5\n2, Sita, 6\n", ","),
        ("a b c\n1 2 3\n4 5 6\n", "space"),
        (
            "id    full name    amount\n1     Ravi Kumar   500\n2     Sita Devi    60\n",
            "2 or more spaces",
        ),
        ("1,5;2,5;3,5\n4,5;5,5;6,5\n7,5;8,5;9,5\n", ";"),
        ("at,what\n10:20:30,a b\n11:20:30,c d\n12:20:30,e f\n", ","),
        ("id|~|name|~|note\n1|~|Ravi|~|\n2|~||~|x\n3|~|Sita|~|y\n", "|~|"),
        ("id#~#name#~#note\n1#~#Ravi#~#a, b\n2#~#Sita#~#y\n", "#~#"),
        ("id@#@name@#@note\n1@#@Ravi@#@\n2@#@@#@x\n3@#@Sita@#@y\n", "@#@"),
        ("id , name\n1 , Ravi,Kumar\n2 , \"Sita\n, Devi\"\n3 , Lila\n", " , "),
        ("id , name\n1 , Ravi\n2 , Sita\n", ","),
        ("id,note\n1,\"one, two, three\"\n2,\"four, five, six\"\n", ","),
        ("id,mark,n\n1,~,5\n2,^,5\n3,~,5\n", ","),
        ("id->name->place\n1->Ravi->Eluru\n2->Sita->Guntur\n", "->"),
        ("id^name\n1^Ravi\n2^Sita\n", "^"),
        ("a\x1fb\n1\x1f2\n", "0x1f"),
        ("Ravi went home.\nSita, his wife, stayed.\nLila saw it\n", ","),
        ("Guntur district\nVizag district\nEluru district\n", ","),
    ] {
        assert_eq!(
            sniff(text.as_bytes(), &Reading::default()).delimiter.word(),
            delimiter,
            "{text}"
        );
    }
}

#[test]
fn quotes_and_escapes() {
    for (text, expected) in [
        ("'a','b'\n'1','x, y'\n'2','z'\n", ", ' -"),
        ("a,b\n'1','x, y'\n'2','z'\n", ", ' -"),
        ("a,b\n1,O'Brien\n2,'tis\n", ", \" -"),
        ("a,b\n1,\"say \\\"x\\\", y\"\n2,\"z\"\n", ", \" \\"),
        ("a,b\n1,x\\, y\n2,z\n3,u\\, v\n", ", \" \\"),
        ("a,b,c\n\"1\",\"c:\\dir\\\",\"x\"\n\"2\",\"d:\\\",\"y\"\n", ", \" -"),
        ("a,b,c\n1,c:\\dir\\,x\n2,d:\\,y\n", ", \" -"),
        ("a,b\n\"1\",\"c:\\dir\\\"\n\"2\",\"d:\\\"\n", ", \" -"),
        ("a,b\n1,\"say \"\"x\"\"\"\n", ", \" -"),
    ] {
        assert_eq!(word(text), expected, "{text}");
    }
}

#[test]
fn lone_carriage_returns() {
    assert!(sniff(b"a,b\r1,2\r", &Reading::default()).lone_cr);
    assert!(!sniff(b"a,b\r\n1,2\r\n", &Reading::default()).lone_cr);
    assert!(sniff(b"a,b\r1,2\n3,4\r\n", &Reading::default()).lone_cr);
}
