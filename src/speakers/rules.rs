//! Rules: what may tell who says a quotation, by name, so that each is held to have cases in several languages.

/// What told a speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// The name beside the quotation.
    Name,
    /// The narrator's *I*.
    First,
    /// An organisation without a name.
    Body,
    /// A role that nobody bears by name.
    UnknownRole,
    /// A role that somebody bears by name.
    Role,
    /// A role that can only be that of who spoke last.
    RoleAtHand,
    /// *He*, *she*.
    Pronoun,
    /// A verb without a subject.
    NoSubject,
    /// *Who*.
    Relative,
    /// *It*.
    It,
    /// *They*.
    They,
    /// A pronoun behind a fragment, past what its sentence tells.
    Fragment,
    /// A quotation beside it in the paragraph.
    Paragraph,
    /// The sentence beside it.
    Sentence,
    /// The paragraph before.
    Continuation,
    /// Who spoke last but one.
    Turns,
    /// Who was spoken to.
    Addressed,
    /// Who was told of, besides the one who spoke last.
    Partner,
    /// Turns, from behind.
    Behind,
}

#[cfg(test)]
impl Rule {
    /// All of them.
    pub(super) const ALL: [Self; 19] = [
        Rule::Name,
        Rule::First,
        Rule::Body,
        Rule::UnknownRole,
        Rule::Role,
        Rule::RoleAtHand,
        Rule::Pronoun,
        Rule::NoSubject,
        Rule::Relative,
        Rule::It,
        Rule::They,
        Rule::Fragment,
        Rule::Paragraph,
        Rule::Sentence,
        Rule::Continuation,
        Rule::Turns,
        Rule::Addressed,
        Rule::Partner,
        Rule::Behind,
    ];
}
