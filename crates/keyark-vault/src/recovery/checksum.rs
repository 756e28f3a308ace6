//! Four check symbols over 26: the Reed–Solomon code over GF(32), shortened from length 31 to 30,, with roots α, α², α³ and α⁴.
//!
//! Its distance is 5 (I. S. Reed, G. Solomon, "Polynomial Codes over Certain Finite Fields", 1960), the most that four check symbols allow: up
//! to four wrong symbols are always found, and what has one wrong symbol is near to one code only. What is left over must be [`LEFT_OVER`], not nothing, so that no row of one
//! and the same symbol is a code.

use zeroize::Zeroizing;

/// How many symbols are random.
pub(super) const DATA: usize = 26;
/// How many check them.
pub(super) const CHECK: usize = 4;
/// How many are written.
pub(super) const SYMBOLS: usize = DATA + CHECK;

/// What is left of a code when it is divided by the generator; any constant that is no multiple of what a row of ones leaves.
const LEFT_OVER: [u8; CHECK] = [1, 2, 3, 4];

/// (x - α)(x - α²)(x - α³)(x - α⁴), from the coefficient of x³ down; α = 2.
const GENERATOR: [u8; CHECK] = generator();

const fn generator() -> [u8; CHECK] {
    let [a, b, c, d] = [2, 4, 8, 16];
    let (sum_ab, product_ab, sum_cd, product_cd) = (a ^ b, multiply(a, b), c ^ d, multiply(c, d));
    [
        sum_ab ^ sum_cd,
        product_ab ^ product_cd ^ multiply(sum_ab, sum_cd),
        multiply(sum_ab, product_cd) ^ multiply(product_ab, sum_cd),
        multiply(product_ab, product_cd),
    ]
}

/// The product in GF(32) modulo x⁵ + x² + 1, in the same time for all values.
const fn multiply(one: u8, other: u8) -> u8 {
    let (mut product, mut shifted, mut bit) = (0, one, 0);
    while bit < 5 {
        product ^= shifted * (other >> bit & 1);
        shifted = (shifted << 1) ^ (0b10_0101 * (shifted >> 4));
        bit += 1;
    }
    product
}

/// The check symbols of `data`: the remainder of its polynomial times x⁴, and what must be left over.
pub(super) fn of(data: &[u8; DATA]) -> [u8; CHECK] {
    remainder(data.iter().chain(&LEFT_OVER)) // to add and to subtract are the same
}

/// Whether the last four symbols are those that belong to the others.
pub(super) fn is_right(symbols: &[u8; SYMBOLS]) -> bool {
    remainder(symbols.iter()) == LEFT_OVER
}

fn remainder<'a>(symbols: impl Iterator<Item = &'a u8>) -> [u8; CHECK] {
    let [g3, g2, g1, g0] = GENERATOR;
    let mut rest = [0; CHECK];
    for symbol in symbols {
        let [top, a, b, c] = rest;
        rest = [a ^ multiply(top, g3), b ^ multiply(top, g2), c ^ multiply(top, g1), symbol ^ multiply(top, g0)];
    }
    rest
}

/// Where the mistake is, as positions from 0, the first and the last: one symbol, or two neighbours that were swapped. `None` if there is more than that.
/// Right for these; what has more mistakes looks like one of these once in a thousand times.
pub(super) fn locate(symbols: &[u8; SYMBOLS]) -> Option<(usize, usize)> {
    let mut tried = Zeroizing::new(*symbols);
    for position in 0..SYMBOLS {
        for change in 1..32 {
            alter(&mut tried, position, change);
            let found = is_right(&tried);
            alter(&mut tried, position, change);
            if found {
                return Some((position, position));
            }
        }
    }
    (1..SYMBOLS).map(|next| (next - 1, next)).find(|(one, other)| {
        tried.swap(*one, *other);
        let found = is_right(&tried);
        tried.swap(*one, *other);
        found
    })
}

fn alter(symbols: &mut [u8; SYMBOLS], position: usize, change: u8) {
    if let Some(symbol) = symbols.get_mut(position) {
        *symbol ^= change;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_is_one_and_the_generator_has_its_roots() {
        let mut power = 1;
        let mut seen = [false; 32];
        for _ in 0..31 {
            assert!(!seen[usize::from(power)], "α is no generator");
            seen[usize::from(power)] = true;
            power = multiply(power, 2);
        }
        assert_eq!(power, 1);
        for root in [2, 4, 8, 16] {
            let value = GENERATOR.iter().fold(1, |value, coefficient| multiply(value, root) ^ coefficient);
            assert_eq!(value, 0, "{root}");
        }
    }

    /// A code and what is left over agree at all four roots, computed the plain way.
    #[test]
    fn the_remainder_agrees_with_the_roots() {
        let data: [u8; DATA] = std::array::from_fn(|at| (at * 7 + 3) as u8 % 32);
        let check = of(&data);
        let mut power: u8 = 1;
        for _ in 1..=CHECK {
            power = multiply(power, 2);
            let at_root = |value, symbol: &u8| multiply(value, power) ^ symbol;
            let word = data.iter().chain(&check).fold(0, at_root);
            assert_eq!(word, LEFT_OVER.iter().fold(0, at_root));
        }
    }

    #[test]
    fn a_row_of_one_symbol_is_no_code() {
        for symbol in 0..32 {
            assert!(!is_right(&[symbol; SYMBOLS]), "{symbol}");
        }
    }
}
