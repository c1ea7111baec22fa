//! Lanes: 64 bytes looked at at once, the answer one bit a byte.
//!
//! **Idea.** Most questions that the cutting of a text asks of a byte (is it a letter, a full stop, a line end?) are
//! asked of every byte and answered *no* by most. So they are put to 64 bytes together, and the answer is a machine
//! word whose lowest bit stands for the first byte; the few bytes that matter are then found by counting zeros.
//!
//! **Cost.** A question takes some 14 instructions for 64 bytes with SSE2, which every x86-64 has, and is compiled into
//! the place that asks it: no detection of the processor, no call. Wider registers would halve that, and cost the call;
//! the questions are a small part of the whole. Other processors ask eight bytes at a time by sums that reach the
//! highest bit of each byte; the tests hold both ways to a plain one.
//!
//! **Source.** Lemire, Langdale, *Parsing Gigabytes of JSON per Second*, VLDB Journal 2019.

#[cfg(not(target_arch = "x86_64"))]
pub(super) use portable::Lanes;
#[cfg(target_arch = "x86_64")]
pub(super) use sse2::Lanes;

/// How many bytes are looked at at once.
pub(super) const LANES: usize = 64;

/// The bytes from a place on; behind the end stand zeros.
macro_rules! load_at {
    () => {
        /// The bytes from a place on; behind the end stand zeros.
        #[inline]
        pub(in super::super) fn at(bytes: &[u8], place: usize) -> Self {
            let rest = bytes.get(place..).unwrap_or_default();
            match rest.first_chunk() {
                Some(block) => Self::of(block),
                None => {
                    let mut block = [0; super::LANES];
                    block[..rest.len()].copy_from_slice(rest);
                    Self::of(&block)
                }
            }
        }
    };
}

/// The lowest bits, as many as there are bytes.
#[inline]
pub(super) fn lowest(count: usize) -> u64 {
    if count < LANES { (1 << count) - 1 } else { !0 }
}

#[cfg(target_arch = "x86_64")]
mod sse2 {
    //! Calls of SSE2 are marked unsafe because a processor may lack it. An x86-64 never does: it is part of that
    //! architecture, and of what the compiler takes for granted. None of the calls here touches memory.
    #![allow(unsafe_code)]

    use std::arch::x86_64::{
        __m128i, _mm_cmpeq_epi8, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8,
        _mm_sub_epi8,
    };

    /// 64 bytes.
    #[derive(Clone, Copy)]
    pub(in super::super) struct Lanes([__m128i; 4]);

    impl Lanes {
        load_at!();

        #[inline]
        pub(super) fn of(block: &[u8; super::LANES]) -> Self {
            let (eights, _) = block.as_chunks::<8>();
            let eight = |number: usize| i64::from_le_bytes(eights[number]);
            Lanes(std::array::from_fn(|part| {
                // SAFETY: see the module.
                unsafe { _mm_set_epi64x(eight(2 * part + 1), eight(2 * part)) }
            }))
        }

        /// One bit for each byte whose highest bit is set in the answer to a question.
        #[inline]
        fn ask(self, question: impl Fn(__m128i) -> __m128i) -> u64 {
            let mut answers = 0;
            for (part, bytes) in self.0.into_iter().enumerate() {
                // SAFETY: see the module.
                let bits = unsafe { _mm_movemask_epi8(question(bytes)) };
                answers |= u64::from(bits as u16) << (16 * part);
            }
            answers
        }

        /// Which bytes are one of these.
        #[inline]
        pub(in super::super) fn any_of<const COUNT: usize>(self, these: [u8; COUNT]) -> u64 {
            self.ask(|bytes| {
                // SAFETY: see the module.
                unsafe {
                    let equal = |byte: u8| _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte as i8));
                    let mut found = equal(these[0]);
                    for byte in &these[1..] {
                        found = _mm_or_si128(found, equal(*byte));
                    }
                    found
                }
            })
        }

        /// Which bytes lie between two, both included.
        #[inline]
        pub(in super::super) fn within(self, first: u8, last: u8) -> u64 {
            self.ask(|bytes| within(bytes, first, last))
        }

        /// Which bytes are letters of ASCII.
        #[inline]
        pub(in super::super) fn letters(self) -> u64 {
            // SAFETY: see the module.
            self.ask(|bytes| within(unsafe { _mm_or_si128(bytes, _mm_set1_epi8(0x20)) }, b'a', b'z'))
        }

        /// Which bytes are part of a character beyond ASCII.
        #[inline]
        pub(in super::super) fn beyond_ascii(self) -> u64 {
            self.ask(|bytes| bytes)
        }
    }

    #[inline]
    fn within(bytes: __m128i, first: u8, last: u8) -> __m128i {
        // SAFETY: see the module.
        unsafe {
            let distance = _mm_sub_epi8(bytes, _mm_set1_epi8(first as i8));
            _mm_cmpeq_epi8(_mm_min_epu8(distance, _mm_set1_epi8((last - first) as i8)), distance)
        }
    }
}

#[cfg(any(test, not(target_arch = "x86_64")))]
mod portable {
    /// In each byte the highest bit.
    const HIGHEST: u64 = 0x8080_8080_8080_8080;

    /// 64 bytes.
    #[derive(Clone, Copy)]
    pub(in super::super) struct Lanes([u64; 8]);

    impl Lanes {
        load_at!();

        #[inline]
        pub(super) fn of(block: &[u8; super::LANES]) -> Self {
            let (eights, _) = block.as_chunks::<8>();
            Lanes(std::array::from_fn(|number| u64::from_le_bytes(eights[number])))
        }

        /// One bit for each byte whose highest bit is set in the answer to a question.
        #[inline]
        fn ask(self, question: impl Fn(u64) -> u64) -> u64 {
            let mut answers = 0;
            for (number, bytes) in self.0.into_iter().enumerate() {
                let bits = question(bytes) & HIGHEST;
                // The eight highest bits, side by side.
                answers |= ((bits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * number);
            }
            answers
        }

        /// Which bytes are one of these.
        #[inline]
        pub(in super::super) fn any_of<const COUNT: usize>(self, these: [u8; COUNT]) -> u64 {
            self.ask(|bytes| {
                these.iter().fold(0, |found, &byte| {
                    let other = bytes ^ all(byte);
                    found | !(((other & !HIGHEST) + all(0x7f)) | other)
                })
            })
        }

        /// Which bytes lie between two, both included.
        #[inline]
        pub(in super::super) fn within(self, first: u8, last: u8) -> u64 {
            self.ask(|bytes| at_least(bytes, first) & !last.checked_add(1).map_or(0, |next| at_least(bytes, next)))
        }

        /// Which bytes are letters of ASCII.
        #[inline]
        pub(in super::super) fn letters(self) -> u64 {
            self.ask(|bytes| {
                let lower = bytes | all(0x20);
                at_least(lower, b'a') & !at_least(lower, b'z' + 1)
            })
        }

        /// Which bytes are part of a character beyond ASCII.
        #[inline]
        pub(in super::super) fn beyond_ascii(self) -> u64 {
            self.ask(|bytes| bytes)
        }
    }

    const fn all(byte: u8) -> u64 {
        u64::from_ne_bytes([byte; 8])
    }

    /// The highest bit of each byte that is not less than one given.
    #[inline]
    fn at_least(bytes: u64, least: u8) -> u64 {
        let low = bytes & !HIGHEST;
        match least {
            0..=0x80 => (low + all(0x80 - least)) | bytes,
            _ => (low + all(0u8.wrapping_sub(least))) & bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(bytes: &[u8], holds: impl Fn(u8) -> bool) -> u64 {
        bytes.iter().take(LANES).enumerate().map(|(place, byte)| u64::from(holds(*byte)) << place).sum()
    }

    /// Both ways of asking against the plain one.
    fn assert_equal(bytes: &[u8], first: u8, last: u8) {
        let fast = Lanes::at(bytes, 0);
        let portable = portable::Lanes::at(bytes, 0);
        let mut padded = bytes.to_vec();
        padded.resize(bytes.len().max(LANES), 0);
        let expected = [
            plain(&padded, |byte| [first, last, b'.'].contains(&byte)),
            plain(&padded, |byte| (first..=last).contains(&byte)),
            plain(&padded, |byte| byte.is_ascii_alphabetic()),
            plain(&padded, |byte| !byte.is_ascii()),
        ];
        assert_eq!(
            [fast.any_of([first, last, b'.']), fast.within(first, last), fast.letters(), fast.beyond_ascii()],
            expected
        );
        assert_eq!(
            [
                portable.any_of([first, last, b'.']),
                portable.within(first, last),
                portable.letters(),
                portable.beyond_ascii()
            ],
            expected
        );
    }

    #[test]
    fn every_byte_between_every_two() {
        let all: Vec<u8> = (0..=255).collect();
        for first in 0..=255 {
            for last in first..=255 {
                for part in all.chunks(LANES) {
                    assert_equal(part, first, last);
                }
            }
        }
    }

    #[test]
    fn lowest_bits() {
        assert_eq!([lowest(0), lowest(1), lowest(63), lowest(64), lowest(99)], [0, 1, !0 >> 1, !0, !0]);
    }

    proptest! {
        #[test]
        fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..100), one: u8, other: u8) {
            assert_equal(&bytes, one.min(other), one.max(other));
        }
    }
}
