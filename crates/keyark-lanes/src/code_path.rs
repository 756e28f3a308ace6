//! Which instructions the work is done with: chosen at run time, forced in tests and benchmarks.

/// A set of instructions that this crate has code for, the plainest first.
///
/// Every function of this crate takes one. What a path has no code of its own for is done with the next plainer one, so
/// that each works everywhere that [`is_available`](Self::is_available) says so, and all give the same results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum CodePath {
    /// Plain Rust, on every machine.
    Portable,
    /// 128-bit vectors of aarch64: two lanes of 64 bits.
    Neon,
    /// 256-bit vectors: four lanes of 64 bits.
    Avx2,
    /// 512-bit vectors (AVX-512 F, BW, DQ and VL): eight lanes of 64 bits.
    Avx512,
    /// The same with 52-bit multiplication (AVX-512 IFMA), which curve arithmetic wants.
    Avx512Ifma,
}

impl CodePath {
    /// Every path, the plainest first, whether or not this machine has it.
    pub const ALL: [Self; 5] = [Self::Portable, Self::Neon, Self::Avx2, Self::Avx512, Self::Avx512Ifma];

    /// The path with the most lanes that this machine has: the fastest, as far as it was measured (NEON was not).
    #[must_use]
    pub fn best() -> Self {
        Self::available().last().unwrap_or(Self::Portable)
    }

    /// The paths that this machine has, the plainest first; [`Portable`](Self::Portable) is always among them.
    pub fn available() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|path| path.is_available())
    }

    /// Whether this machine has the instructions.
    #[must_use]
    #[cfg(target_arch = "x86_64")]
    pub fn is_available(self) -> bool {
        // The answers of the processor are kept by the standard library: asking again costs a load.
        let avx2 = || is_x86_feature_detected!("avx2");
        let avx512 = || {
            avx2()
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
        };
        match self {
            Self::Portable => true,
            Self::Neon => false,
            Self::Avx2 => avx2(),
            Self::Avx512 => avx512(),
            Self::Avx512Ifma => avx512() && is_x86_feature_detected!("avx512ifma"),
        }
    }

    /// Whether this machine has the instructions.
    #[must_use]
    #[cfg(target_arch = "aarch64")]
    pub fn is_available(self) -> bool {
        match self {
            Self::Portable => true,
            // The other order of bytes is nowhere tested.
            Self::Neon => cfg!(target_endian = "little") && std::arch::is_aarch64_feature_detected!("neon"),
            Self::Avx2 | Self::Avx512 | Self::Avx512Ifma => false,
        }
    }

    /// Whether this machine has the instructions.
    #[must_use]
    #[cfg(not(any(target_arch = "aarch64", target_arch = "x86_64")))]
    pub fn is_available(self) -> bool {
        self == Self::Portable
    }

    /// The name in benchmarks and arguments: `portable`, `neon`, `avx2`, `avx512` or `avx512ifma`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Neon => "neon",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
            Self::Avx512Ifma => "avx512ifma",
        }
    }

    /// The path itself where this machine has it, and the best that it has otherwise: what makes it sound to call the code
    /// of a path.
    pub(crate) fn or_best(self) -> Self {
        if self.is_available() { self } else { Self::best() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_machine_has_the_plainest_and_each_architecture_its_own() {
        let available: Vec<_> = CodePath::available().collect();
        assert_eq!(available.first(), Some(&CodePath::Portable));
        assert_eq!(available.contains(&CodePath::Neon), cfg!(all(target_arch = "aarch64", target_endian = "little"))); // all have it
        assert_eq!(available.last(), Some(&CodePath::best()));
        for path in CodePath::ALL {
            assert!(available.contains(&path.or_best()), "{path:?}");
        }
    }
}
