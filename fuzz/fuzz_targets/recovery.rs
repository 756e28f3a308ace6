//! What a person has left of a phrase, guesses, shares and checkpoints: read or refused, never more than was asked for, and without repeating it.
#![no_main]

use keyark::SecretText;
use keyark::recovery::{Checkpoint, Damage, Guesses, Pattern, Shard, Space};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let secret = SecretText::from(text);
    for damage in Damage::ALL {
        let Ok(pattern) = Pattern::read(&secret, None) else { break };
        let Ok(space) = Space::new(&pattern, &[*damage]) else { continue };
        assert!(space.size().after <= space.size().before);
        for index in [0, space.count() / 2, space.count().saturating_sub(1)] {
            assert_eq!(space.candidate(index).is_some(), index < space.count());
        }
        assert!(space.candidate(space.count()).is_none());
    }
    for guesses in [Guesses::list(&secret), Guesses::pattern(&secret)].into_iter().flatten() {
        assert!(guesses.get(guesses.count()).is_none());
        assert!(guesses.count() == 0 || guesses.get(guesses.count() - 1).is_some());
    }
    if let Ok(checkpoint) = text.parse::<Checkpoint>() {
        let (done, all) = checkpoint.blocks();
        assert!(done <= all);
    }
    if let Ok(shard) = text.parse::<Shard>() {
        assert_eq!(shard.to_string().parse::<Shard>().ok(), Some(shard));
    }
});
