//! The version bytes of extended keys: BIP-32's own, and those of SLIP-132 that name the kind of address.

/// The kind of address that version bytes stand for (SLIP-132).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ScriptHint {
    /// BIP-32's own version bytes: any kind.
    Any,
    /// P2WPKH nested in P2SH (BIP-49).
    P2shP2wpkh,
    /// P2WPKH (BIP-84).
    P2wpkh,
    /// One key of several, in P2WSH nested in P2SH.
    P2shP2wsh,
    /// One key of several, in P2WSH.
    P2wsh,
}

/// The version bytes of an extended key, public and private, and what they stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    pub(super) public: u32,
    pub(super) private: u32,
    /// Whether it is for the test networks.
    pub test: bool,
    /// The kind of address that it names.
    pub hint: ScriptHint,
}

macro_rules! versions {
    ($($(#[$doc:meta])* $name:ident: $public:literal, $private:literal, $test:literal, $hint:ident;)*) => {
        impl Version {
            $($(#[$doc])* pub const $name: Self =
                Self { public: $public, private: $private, test: $test, hint: ScriptHint::$hint };)*

            /// All that keyark reads.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

versions! {
    /// `xpub`, `xprv`.
    XPUB: 0x0488_b21e, 0x0488_ade4, false, Any;
    /// `ypub`, `yprv`.
    YPUB: 0x049d_7cb2, 0x049d_7878, false, P2shP2wpkh;
    /// `zpub`, `zprv`.
    ZPUB: 0x04b2_4746, 0x04b2_430c, false, P2wpkh;
    /// `Ypub`, `Yprv`.
    YPUB_MULTISIG: 0x0295_b43f, 0x0295_b005, false, P2shP2wsh;
    /// `Zpub`, `Zprv`.
    ZPUB_MULTISIG: 0x02aa_7ed3, 0x02aa_7a99, false, P2wsh;
    /// `tpub`, `tprv`.
    TPUB: 0x0435_87cf, 0x0435_8394, true, Any;
    /// `upub`, `uprv`.
    UPUB: 0x044a_5262, 0x044a_4e28, true, P2shP2wpkh;
    /// `vpub`, `vprv`.
    VPUB: 0x045f_1cf6, 0x045f_18bc, true, P2wpkh;
    /// `Upub`, `Uprv`.
    UPUB_MULTISIG: 0x0242_89ef, 0x0242_85b5, true, P2shP2wsh;
    /// `Vpub`, `Vprv`.
    VPUB_MULTISIG: 0x0257_5483, 0x0257_5048, true, P2wsh;
}
