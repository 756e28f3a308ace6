//! Words side by side, a lane each, for every set of instructions.
//!
//! Each module has the types `U32` and `U64` with the same operations, so that a hash writes its rounds once. What needs
//! instructions says so, and is safe to call where they are asked for in turn. The first call from code that does not ask for
//! them is unsafe, and a token, of which there is none on a machine without the instructions, is why it is sound.

#[cfg(target_arch = "x86_64")]
pub(crate) mod avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) mod avx512;
#[cfg(target_arch = "aarch64")]
pub(crate) mod neon;
pub(crate) mod portable;

use crate::CodePath;

/// One lane in plain Rust.
#[derive(Clone, Copy)]
pub(crate) struct Portable;

/// There is one only where the processor has AVX2.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
pub(crate) struct Avx2(());

/// There is one only where the processor has AVX-512 F and BW.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy)]
pub(crate) struct Avx512(());

/// There is one only where the processor has NEON.
#[cfg(target_arch = "aarch64")]
#[derive(Clone, Copy)]
pub(crate) struct Neon(());

/// The instructions of a code path.
#[derive(Clone, Copy)]
pub(crate) enum Instructions {
    Portable(Portable),
    #[cfg(target_arch = "aarch64")]
    Neon(Neon),
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
}

impl Instructions {
    pub(crate) fn of(path: CodePath) -> Self {
        match path.or_best() {
            #[cfg(target_arch = "aarch64")]
            CodePath::Neon => Self::Neon(Neon(())),
            #[cfg(target_arch = "x86_64")]
            CodePath::Avx2 => Self::Avx2(Avx2(())),
            #[cfg(target_arch = "x86_64")]
            CodePath::Avx512 | CodePath::Avx512Ifma => Self::Avx512(Avx512(())),
            _ => Self::Portable(Portable),
        }
    }
}

/// Makes the modules `portable`, `neon`, `avx2` and `avx512`, each with what the macro `$define` writes there over `Vector`, which is `U32`
/// or `U64`. It is given the attribute that asks for the instructions: a macro and not a trait, since the methods of a trait
/// cannot ask.
macro_rules! for_each_path {
    ($define:ident over $words:ident) => {
        $crate::vectors::for_each_path!(@module portable, $define, $words);
        #[cfg(target_arch = "aarch64")]
        $crate::vectors::for_each_path!(@module neon, $define, $words, target_feature(enable = "neon"));
        #[cfg(target_arch = "x86_64")]
        $crate::vectors::for_each_path!(@module avx2, $define, $words, target_feature(enable = "avx2"));
        #[cfg(target_arch = "x86_64")]
        $crate::vectors::for_each_path!(@module avx512, $define, $words, target_feature(enable = "avx512f,avx512bw"));
    };
    (@module $path:ident, $define:ident, $words:ident $(, $target_feature:meta)?) => {
        #[allow(clippy::indexing_slicing, reason = "arrays of fixed sizes, and places known to the compiler")]
        mod $path {
            use $crate::vectors::$path::$words as Vector;

            pub(super) const LANES: usize = Vector::LANES;

            $define!($($target_feature)?);
        }
    };
}
pub(crate) use for_each_path;

/// Calls a function of the module that [`for_each_path`] has made for a code path.
macro_rules! call {
    ($path:expr, $function:ident($($argument:ident),*)) => {
        match $crate::vectors::Instructions::of($path) {
            $crate::vectors::Instructions::Portable(_) => portable::$function($($argument),*),
            #[cfg(target_arch = "aarch64")]
            // SAFETY: the token is there, and so are the instructions.
            $crate::vectors::Instructions::Neon(_) => unsafe { neon::$function($($argument),*) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the token is there, and so are the instructions.
            $crate::vectors::Instructions::Avx2(_) => unsafe { avx2::$function($($argument),*) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the token is there, and so are the instructions.
            $crate::vectors::Instructions::Avx512(_) => unsafe { avx512::$function($($argument),*) },
        }
    };
}
pub(crate) use call;
