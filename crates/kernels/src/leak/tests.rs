//! Texts that hold identifiers, and honest ones that only look so.

use proptest::prelude::*;

use super::*;

#[test]
fn found() {
    for (text, expected) in [
        ("234123412346", &[("aadhaar", 0)][..]),
        ("a,9999 4105 7058,b", &[("aadhaar", 2)]),
        ("9999-4105-7058.", &[("aadhaar", 0)]),
        ("No.234123412346 and x298765432101y", &[("aadhaar", 3), ("aadhaar", 21)]),
        ("35202-4567891-3", &[("cnic", 0)]),
        ("3520245678913", &[("cnic", 0)]),
        ("9848012345", &[("mobile", 0)]),
        ("+919848012345", &[("mobile", 1)]),
        ("919848012345", &[("mobile", 0)]),
        ("09848012345;00919848012345", &[("mobile", 0), ("mobile", 12)]),
        ("+91 9848012345", &[("mobile", 1)]),
        ("03004567891", &[("mobile", 0)]),
        ("0300-4567891", &[("mobile", 0)]),
        ("+923004567891", &[("mobile", 1)]),
        ("+92 3004567891", &[("mobile", 1)]),
        ("SBIN0001234,30123456789", &[("bank", 12)]),
        ("1234567890123456,HDFC0AB12C3", &[("bank", 0)]),
        ("hdfc0001234 a/c no: 301234567", &[("bank", 20)]),
        ("SBIN0001234,234123412346", &[("aadhaar", 12), ("bank", 12)]),
        ("౨౩౪౧౨౩౪౧౨౩౪౬;౯౮౪౮౦౧౨౩౪౫", &[("aadhaar", 0), ("mobile", 37)]),
        ("నం ౯౮౪౮౦ ౧౨౩౪౫", &[("mobile", 7)]),
    ] {
        let leaks: Vec<_> =
            scan(text.as_bytes()).into_iter().map(|leak| (leak.kind, leak.offset)).collect();
        assert_eq!(leaks, expected, "{text}");
        assert!(looks_personal(text));
        assert!(may_hold(text.as_bytes()));
    }
}

#[test]
fn found_as_written() {
    for (text, kinds) in [
        ("98480 12345", &["mobile"][..]),
        ("+91 98480 12345", &["mobile"]),
        ("+91-98480-12345", &["mobile"]),
        ("+91.98480.12345", &["mobile"]),
        ("+91 98480.12345", &["mobile"]),
        ("+9198480 12345", &["mobile"]),
        ("0 98480 12345", &["mobile"]),
        ("9848-012-345", &["mobile"]),
        ("984-801-2345", &["mobile"]),
        ("9848.012.345", &["mobile"]),
        ("9848_012/345", &["mobile"]),
        ("98480\u{a0}12345", &["mobile"]),
        ("98480\u{2011}12345", &["mobile"]),
        ("0300 456 7891", &["mobile"]),
        ("98480 12345 98490 12345", &["mobile", "mobile"]),
        ("98480-12345/98490-12345", &["mobile", "mobile"]),
        ("2017-08-31 98480 12345", &["mobile"]),
        ("house 12 984 801 2345", &["mobile"]),
        ("234123 412346", &["aadhaar"]),
        ("2341.2341.2346", &["aadhaar"]),
        ("2341/2341/2346", &["aadhaar"]),
        ("2341\u{2013}2341\u{2013}2346", &["aadhaar"]),
        ("2341_2341_2346", &["aadhaar"]),
        ("23412341-2346", &["aadhaar"]),
        ("0234123412346", &["aadhaar"]),
        ("02341 2341 2346", &["aadhaar"]),
        ("234123412346.0", &["aadhaar"]),
        ("a,234123412346.00,b", &["aadhaar"]),
        ("is 234123412346.0.", &["aadhaar"]),
        ("35202 4567891 3", &["cnic"]),
        ("35202/4567891/3", &["cnic"]),
        ("15202-4567891-3", &["cnic"]),
        ("85202-4567891-3", &["cnic"]),
        ("7.3.7.4.1.3.4.3.8.5", &["mobile"]),
        ("7 3 7 4 1 3 4 3 8 5", &["mobile"]),
        ("+91 7 3 7 4 1 3 4 3 8 5", &["mobile"]),
        ("2-3-4-1-2-3-4-1-2-3-4-6", &["aadhaar"]),
        ("0-2-3-4-1-2-3-4-1-2-3-4-6", &["aadhaar"]),
        ("3 5 2 0 2 4 5 6 7 8 9 1 3", &["cnic"]),
        ("౯౮౪౮౦౧౨౩౪౫", &["mobile"]),
        ("२३४१ २३४१ २३४६", &["aadhaar"]),
        ("٢٣٤١٢٣٤١٢٣٤٦", &["aadhaar"]),
        ("９８４８０-１２３４５", &["mobile"]),
    ] {
        let leaks: Vec<_> = scan(text.as_bytes()).into_iter().map(|leak| leak.kind).collect();
        assert_eq!(leaks, kinds, "{text}");
        assert!(may_hold(text.as_bytes()), "{text}");
    }
}

#[test]
fn honest_data_passes() {
    for text in [
        "2026-10-31",
        "31/10/2026 2026/10/31",
        "2026-11-22T14:20:16Z",
        "2026-11-22 14:20:16.234123412346",
        "20261122 142016",
        "8-3-228/678/12",
        "8-3-678/228/1234",
        "1.2.3, 10.15.7-2, 192.168.100.200",
        "R-000123-4",
        "PN10109581",
        "2750.00",
        "0.9993923811 0.9848012345",
        "98480.12345",
        "2341.23412346",
        "234123.412346 7500.250000",
        "234123412346.5 234123412346.01 234123412346.0.1 1.234123412346.0",
        "234123412347.0 9848012345.00",
        "1793456789012 2199999999999 8352024567891",
        "60000-75000 / 60001-69999",
        "98 480 12345",
        "234 123 412 346",
        "12 of 345, 6789",
        "9848  012345",
        "9848,012,345",
        "1 0 1 1 0 0 1 0 1 1 0 1 0 1 0 1 0",
        "7 3 7 4 1 3 4 3 8",
        "984-801-2345-678",
    ] {
        assert_eq!(scan(text.as_bytes()), [], "{text}");
    }
    let years = (2000..2100).map(|year| format!("{year}-{}-{} ", year + 1, year + 2));
    let dated = (0..100).map(|serial| format!("20261031-{serial:04} {}-20261031,", 3000 + serial));
    for text in years.chain(dated).filter(|text| !text.contains("2100") && !text.contains("2101")) {
        assert_eq!(scan(text.as_bytes()), [], "{text}");
    }
}

#[test]
fn not_found() {
    let hash = "9848012345".to_owned() + &"a".repeat(54);
    for text in [
        "",
        "234123412347",
        "134123412346",
        "1234123412346234",
        "XXXX-XXXX-2346",
        "2017-08-31 10:20:30",
        "12.9848012345",
        "9848012345.5",
        "5848012345",
        "98480123456",
        "30123456789",
        "SBIN0001234",
        "SBIN0001234 and, a very long way behind it in the text, 30123456789",
        "XSBIN0001234,30123456789",
        "9352024567891",
        "35202-4567891",
        "aadhaar token abcdefghijklmnopabcdefghijklmnop",
        hash.as_str(),
    ] {
        assert_eq!(scan(text.as_bytes()), [], "{text}");
    }
    assert!(looks_personal(&(hash + "a")));
}

#[test]
fn honest_rows_need_no_second_look() {
    let hash = "0123456789abcdef".repeat(4);
    for text in [
        "pensions,PN10109581,R-000123-4,2026-11-23,0.9993923811,-12.234123412346,2750.00",
        "name=agrees:+3.25;village=differs:-0.50",
        "scholarships,SC26-10001274,SOP-3.3",
        "లక్ష్మి,2026-10-31,8-3-228/678",
        hash.as_str(),
    ] {
        assert!(!may_hold(text.as_bytes()), "{text}");
    }
    assert!(may_hold((hash + "a").as_bytes()));
    assert!(may_hold("౯౮౪౮౦౧౨౩౪౫".as_bytes()));
}

#[test]
fn masks_pass() {
    let shown = [
        crate::aadhaar::mask("234123412346"),
        crate::cnic::mask("3520245678913"),
        crate::phone::mask("IN", "9848012345"),
        crate::bank_account::mask("30123456789"),
        crate::ifsc::mask("SBIN0001234"),
    ];
    assert!(!looks_personal(&shown.join(",")));
}

proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "[0-9A-Z .-]{0,60}") {
        for leak in scan(&bytes).into_iter().chain(scan(text.as_bytes())) {
            prop_assert!(leak.offset < 200);
        }
    }

    #[test]
    fn the_quick_look_misses_nothing(
        parts in proptest::collection::vec(prop_oneof![
            "[0-9]{1,14}", "[ ./_+,a-f-]", "[6-9][0-9]{9}", "\\PC{0,2}", "[A-Z]{4}0[0-9A-Z]{6}", "[0-9a-f]{50,64}",
            Just("234123412346".to_owned()), Just("3520245678913".to_owned()), Just("\u{a0}".to_owned()), Just("\u{2011}".to_owned()),
        ], 0..12),
        filler in 0_usize..130,
    ) {
        let text = parts.concat();
        if !scan(text.as_bytes()).is_empty() {
            prop_assert!(may_hold(text.as_bytes()));
            // Wherever it stands in a block.
            let within = ["x".repeat(filler), text, "y".repeat(filler)].join("\n");
            prop_assert!(may_hold(within.as_bytes()));
        }
    }

    #[test]
    fn every_aadhaar_is_found(body in "[2-9][0-9]{10}", before in "[a-z,;\" ]{0,5}", after in "[a-z,;\" ]{0,5}") {
        let number = format!("{body}{}", crate::verhoeff::check_digit(&body).unwrap_or('x'));
        let spaced = format!("{} {} {}", &number[..4], &number[4..8], &number[8..]);
        for shown in [number, spaced] {
            let leaks = scan(format!("{before}{shown}{after}").as_bytes());
            prop_assert_eq!(leaks, [Leak { kind: "aadhaar", offset: before.len() }]);
        }
    }
}
