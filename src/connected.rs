//! Connected: which of some things are joined, over any number of steps.
//!
//! **Cost.** 4 bytes a thing. A join shortens the ways that it goes; questions are for after [`Connected::settle`],
//! which makes every way one step.
//!
//! **Source.** Galler, Fischer 1964; Tarjan, van Leeuwen 1984 (halving of the way).

/// Groups of things, by number. The first thing of a group stands for it, whatever the order of the joins.
#[derive(Debug)]
pub(crate) struct Connected(Vec<u32>);

impl Connected {
    /// So many things, none joined with another.
    pub(crate) fn new(count: usize) -> Self {
        Connected((0..count as u32).collect())
    }

    /// Joins the groups of two things.
    pub(crate) fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.shorten(one), self.shorten(other));
        self.0[one.max(other)] = one.min(other) as u32;
    }

    /// Makes every way to the first thing of a group one step, after some joins.
    pub(crate) fn settle(&mut self) {
        for thing in 0..self.0.len() {
            // Ways lead to earlier things, which are settled already.
            self.0[thing] = self.0[self.0[thing] as usize];
        }
    }

    /// Whether two things are in one group.
    pub(crate) fn are(&self, one: usize, other: usize) -> bool {
        self.first(one) == self.first(other)
    }

    /// The first thing of a group.
    pub(crate) fn first(&self, mut thing: usize) -> usize {
        while self.0[thing] as usize != thing {
            thing = self.0[thing] as usize;
        }
        thing
    }

    /// The same, where every other step is shortened on the way.
    fn shorten(&mut self, mut thing: usize) -> usize {
        while self.0[thing] as usize != thing {
            self.0[thing] = self.0[self.0[thing] as usize];
            thing = self.0[thing] as usize;
        }
        thing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn groups_are_those_of_the_plain_twin(joins in prop::collection::vec((0usize..30, 0usize..30), 0..40)) {
            let mut connected = Connected::new(30);
            let mut names: Vec<usize> = (0..30).collect();
            for (one, other) in joins {
                connected.join(one, other);
                let (least, most) = (names[one].min(names[other]), names[one].max(names[other]));
                if one % 3 == 0 {
                    connected.settle();
                }
                names.iter_mut().filter(|name| **name == most).for_each(|name| *name = least);
            }
            connected.settle();
            for thing in 0..30 {
                prop_assert_eq!(connected.0[thing] as usize, names[thing], "one step");
                prop_assert_eq!(connected.first(thing), names[thing]);
                prop_assert_eq!(connected.are(thing, 7), names[thing] == names[7]);
            }
        }
    }
}
