#!/bin/sh
# The namespace and the search attributes by which every hire is found; may be repeated.
set -eu
temporal operator namespace describe -n hiring >/dev/null 2>&1 || temporal operator namespace create -n hiring --retention 30d
known=$(temporal operator search-attribute list -n hiring)
for name in HireStage ClientTier RequisitionId PolicyVersion HireOutcome; do
  echo "$known" | grep -q "$name" || temporal operator search-attribute create -n hiring --name "$name" --type Keyword
done
