#!/bin/sh
# Prints, as Markdown, what merging BRANCH would change; touches neither outputs nor ledger.
#     ./plan-comment.sh origin/smaller | gh pr comment 12 --body-file -
set -eu
cd "$(dirname "$0")"
git fetch --quiet
# Beside this clone, so that relative paths mean the same there.
review=$(mktemp -d ../review.XXXXXX)
trap 'git worktree remove --force "$review"' EXIT
git worktree add --quiet --detach "$review" "$1"
if [ -e .flac2all/ledger.json ]; then
  # One consistent copy, also while tonight's run is at work.
  flac2all ledger backup --quiet "$review/ledger.tar"
  tar -xf "$review/ledger.tar" -C "$review"
fi
flac2all plan --format markdown --file "$review/flac2all.yaml"
