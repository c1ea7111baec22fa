#![allow(dead_code, unused)]
use crate::finding::Span;
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("bad agency")]
pub struct AgencyError;
pub struct Agencies;
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)] pub struct Agency(u16);
impl Agencies { pub fn new(_: &[String]) -> Result<Self, AgencyError> { Ok(Agencies) } pub fn of_source(&self,_:&str)->Option<Agency>{None} pub fn of_address(&self,_:&str)->Option<Agency>{None} pub fn name(&self,_:Agency)->&str{""} }
#[derive(Copy, Clone, Eq, PartialEq, Debug)] pub struct Day { pub year: Option<i16>, pub month: i8, pub day: i8 }
pub struct Dateline { pub span: Span, pub day: Option<Day>, pub agency: Option<Agency> }
#[derive(Copy, Clone, Eq, PartialEq, Debug)] pub enum CreditKind { Written, Contributed, Republished }
pub struct Credit { pub span: Span, pub kind: CreditKind, pub agency: Option<Agency>, pub name: Span }
pub struct Update { pub span: Span, pub number: Option<u32> }
pub struct PrintedDate { pub span: Span, pub is_update: bool }
pub struct Imprint { pub dateline: Option<Dateline>, pub credits: Vec<Credit>, pub update: Option<Update>, pub dates: Vec<PrintedDate>, pub is_cut_off: bool }
pub fn read(_: &str, _: &Agencies) -> Imprint { Imprint { dateline: None, credits: vec![], update: None, dates: vec![], is_cut_off: false } }
