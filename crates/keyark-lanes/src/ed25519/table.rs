//! The multiples of the base point that a scalar's digits stand for.
//!
//! A window's table has 1/2, 3/2, 5/2, … times its power of two times 8B, which are odd multiples of 4B. The top digit's
//! has all multiples, with what the digits of the windows lack and 2²⁵¹·8B added, so that a scalar begins with a look-up
//! and goes on with one addition for each window.

use std::iter::successors;
use std::sync::OnceLock;

use zeroize::Zeroize;

use super::digits::{HALF, TOP_WIDTH, WIDTH, WINDOWS};
use super::field::Field;
use super::point::{Addend, Point, Projective, curve_d};

/// The multiples in the table of the top digit.
const TOP: usize = 1 << TOP_WIDTH;

/// A point in a table: limbs 0 to 3 of `sum`, of `difference` and of `product` of an [`Addend`], and the limbs 4 of the
/// three, so that each row is a vector; canonical. At this alignment it is two lines of a cache that are fetched as a pair.
#[derive(Clone, Copy, Default, Zeroize)]
#[repr(C, align(128))]
pub(super) struct Entry(pub(super) [[u64; 4]; 4]);

impl Entry {
    fn new(sum: Field, difference: Field, product: Field) -> Self {
        let [a, b, c, d, s] = sum.canonical().0;
        let [e, f, g, h, t] = difference.canonical().0;
        let [i, j, k, l, u] = product.canonical().0;
        Self([[a, b, c, d], [e, f, g, h], [i, j, k, l], [s, t, u, 0]])
    }

    /// The entry as an addend, of the opposite point if it is `negative`.
    #[inline(always)]
    pub(super) fn addend(&self, negative: bool) -> Addend {
        let Self([[a, b, c, d], [e, f, g, h], [i, j, k, l], [s, t, u, _]]) = *self;
        let (sum, difference, product) = (Field([a, b, c, d, s]), Field([e, f, g, h, t]), Field([i, j, k, l, u]));
        // −(x, y) is (−x, y). The sign is as good as random: a branch on it would be foretold wrong half of the time.
        let mask = u64::from(negative).wrapping_neg();
        Addend {
            sum: sum.or(difference, mask),
            difference: difference.or(sum, mask),
            product: product.or(Field::ZERO.minus(product), mask),
        }
    }

    /// The entry of a top digit as a point, of coordinates half as large.
    #[inline(always)]
    pub(super) fn point(&self) -> Point {
        let Addend { sum, difference, product } = self.addend(false);
        Point { sum, difference, z: Field::HALF, t: product }
    }
}

/// The tables of all windows.
pub(super) struct Table {
    windows: Vec<Entry>,
    top: Vec<Entry>,
}

impl Table {
    /// The process's table, built by the first call.
    pub(super) fn get() -> &'static Self {
        static TABLE: OnceLock<Table> = OnceLock::new();
        TABLE.get_or_init(Self::build)
    }

    /// For each window, the lowest first, its entries: 1/2, 3/2, 5/2, …
    #[inline(always)]
    pub(super) fn windows(&self) -> &[[Entry; HALF]] {
        self.windows.as_chunks().0
    }

    /// The entry of a top digit, with x·y/2 in place of the product.
    #[inline(always)]
    #[allow(clippy::indexing_slicing)] // the digit is masked, and the table has as many entries
    pub(super) fn top(&self, digit: u16) -> &Entry {
        let digit = usize::from(digit) & (TOP - 1);
        &self.top[digit]
    }

    fn build() -> Self {
        let d = curve_d();
        let d2 = d.plus(d).times(Field::ONE);
        let (d4, two) = (d2.plus(d2), Field::from_u32(2));
        // 2^k·4B for k from 0 to 252.
        let doubled = |point: &Point| Some(point.add_projective(point, d2).point());
        let powers: Vec<Point> = successors(Some(Point::base()), doubled).skip(2).take(253).collect();
        // The first multiple of each window and the step to the next, which is twice as much; last those of the top.
        let starts = powers.iter().step_by(WIDTH).take(WINDOWS + 1);
        let steps: Vec<Projective> = powers.iter().skip(1).step_by(WIDTH).map(Point::projective).collect();
        let steps = half_affine(&steps).into_iter().map(|half| entry(half, d4).addend(false));

        let (mut windows, mut top) = (Vec::with_capacity(WINDOWS * HALF), Vec::with_capacity(TOP));
        for (window, (start, step)) in starts.zip(steps).enumerate() {
            if window < WINDOWS {
                windows.extend(progression(*start, &step, HALF).map(|half| entry(half, d4)));
            } else if let [one, .., highest] = powers.as_slice() {
                // In units of 4B: 2²⁵², and 2^(WIDTH·WINDOWS) − 1 that the digits of the windows lack.
                let lacking = start.add_projective(&one.negated(), d2).point();
                let start = lacking.add_projective(highest, d2).point();
                top.extend(progression(start, &step, TOP).map(|half| entry(half, two)));
            }
        }
        Self { windows, top }
    }
}

/// The entry of the point (2x, 2y), of which the third part is `scale`·x·y.
fn entry((x, y): (Field, Field), scale: Field) -> Entry {
    Entry::new(y.plus(x), y.minus(x), x.times(y).times(scale))
}

/// Half the coordinates of `start`, `start` + `step`, …: `count` points.
fn progression(start: Point, step: &Addend, count: usize) -> impl Iterator<Item = (Field, Field)> {
    let points = successors(Some(start), |point| Some(point.add(step).point()));
    let points: Vec<Projective> = points.take(count).map(|point| point.projective()).collect();
    half_affine(&points).into_iter()
}

/// Half the coordinates of points, tight.
fn half_affine(points: &[Projective]) -> Vec<(Field, Field)> {
    let mut inverses: Vec<Field> = points.iter().map(|point| point.z.plus(point.z)).collect();
    Field::invert_all(&mut inverses, &mut vec![Field::ZERO; points.len()]);
    points.iter().zip(&inverses).map(|(point, inverse)| (point.x.times(*inverse), point.y.times(*inverse))).collect()
}
