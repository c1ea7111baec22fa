//! Frame: the runs of furniture at the two ends of a page, with what varies inside them.
//!
//! **Idea.** A page wears its furniture at its ends, in a fixed order: menu, path, list of contents above; neighbours,
//! related links, footer below. Its lines are the same on all pages of a source, but between them stand *slots* that
//! are filled anew on every page: the name of the chapter, the titles of the next and the last page, the headings of
//! this one. Lines that repeat tell where the frame is; a slot between them belongs to it. Both runs are followed
//! inwards from the ends of the page, and each ends with a line that repeats.
//!
//! A slot is passed only if it holds labels and no prose, and above the story, where the headline stands, only if
//! - its line is an *echo*: the page says it again, or three pages of the source do (a list of contents, a path), or
//! - a label like "Next" opens the slot, which has at most [`SLOT`] other lines.
//!
//! Below the story any slot of at most SLOT lines that are no echoes is passed. What varies in a frame must be no
//! more than what is left of the page.
//!
//! **Cost.** O(units of the page).
//!
//! **Gives up.** Slots of prose (teasers of related stories), and longer ones that no other page repeats.

/// Lines of a slot that nothing repeats.
const SLOT: usize = 3;

/// What is to be known of a unit of a page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    /// Tokens in it.
    pub(crate) length: u32,
    /// Furniture by itself.
    pub(crate) repeats: bool,
    /// Short, or no sentence.
    pub(crate) is_label: bool,
    /// Said again on this page, or on several of its source.
    pub(crate) is_echo: bool,
    /// A label by its wording.
    pub(crate) is_telling: bool,
}

/// One past the last unit of the run at the head of a page, and the first unit of the run at its tail.
pub(crate) fn find_ends(lines: &[Line]) -> (usize, usize) {
    let head = find_head(lines);
    let tail = head + find_tail(&lines[head..]);
    let sum = |lines: &[Line], counts: fn(&Line) -> bool| {
        lines.iter().filter(|line| counts(line)).map(|line| u64::from(line.length)).sum::<u64>()
    };
    let slots = sum(&lines[..head], |line| !line.repeats) + sum(&lines[tail..], |line| !line.repeats);
    if slots <= sum(&lines[head..tail], |_| true) {
        return (head, tail);
    }
    let plain = |line: &&Line| line.repeats;
    let head = lines.iter().take_while(plain).count();
    (head, lines.len() - lines[head..].iter().rev().take_while(plain).count())
}

fn find_head(lines: &[Line]) -> usize {
    // A new line may be the headline, unless a label opens the slot.
    follow(lines.iter(), 0, |line| if line.is_telling { SLOT } else { 0 })
}

fn find_tail(lines: &[Line]) -> usize {
    lines.len() - follow(lines.iter().rev(), SLOT, |_| SLOT)
}

/// Lines of a run that is followed from an end of the page. `free` new lines may stand before its first furniture line,
/// and as many as `behind` says in the slot behind each.
fn follow<'a>(lines: impl Iterator<Item = &'a Line>, mut free: usize, behind: impl Fn(&Line) -> usize) -> usize {
    let mut length = 0;
    for (at, line) in lines.enumerate() {
        if line.repeats {
            length = at + 1;
            free = behind(line);
        } else if !line.is_label || (!line.is_echo && free == 0) {
            break;
        } else if !line.is_echo {
            free -= 1;
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One letter a line: F furniture, N furniture that says "next", e an echo, l a new label, P prose.
    fn ends(page: &str) -> (usize, usize) {
        let lines: Vec<Line> = page
            .chars()
            .map(|letter| Line {
                length: if letter == 'P' { 40 } else { 3 },
                repeats: matches!(letter, 'F' | 'N'),
                is_label: letter != 'P',
                is_echo: letter == 'e',
                is_telling: letter == 'N',
            })
            .collect();
        find_ends(&lines)
    }

    #[test]
    fn runs_end_with_furniture() {
        assert_eq!(ends("FFPPPFF"), (2, 5));
        assert_eq!(ends("PPP"), (0, 3));
        assert_eq!(ends("FFlPPFPP"), (2, 8), "the last furniture is not at an end");
        assert_eq!(ends("eFFePPF"), (3, 6), "an echo behind the last furniture of the head may be the title");
    }

    #[test]
    fn slots_are_passed() {
        assert_eq!(ends("FeeeeeFNlFPPPPlF"), (10, 15));
        assert_eq!(ends("FFlFPPPF"), (2, 7), "a new line above the story may be its headline");
        assert_eq!(ends("FPPPPFlFllF"), (1, 5));
        assert_eq!(ends("FPPPPFllllF"), (1, 10), "so many new lines are text");
    }

    #[test]
    fn a_frame_is_less_than_its_page() {
        assert_eq!(ends("FeeeeeeeeeFeF"), (1, 12));
    }

    #[test]
    fn a_page_of_furniture_alone_is_all_head() {
        assert_eq!(ends("FFF"), (3, 3));
        assert_eq!(ends(""), (0, 0));
    }
}
