"""The sequence tagger: a conditional random field that marks source, cue and content of each token."""
