#!/bin/bash
# Runs an inventory as a Slurm job array of eight tasks. Each task processes one shard and writes to its own folder.
# Submit it from the folder of the list, with options of `run` after the list. --rate is the rate of the whole job:
#
#   job=$(sbatch --parsable slurm.sh projects.csv --api-key-file key --rate 40/s)
#   sbatch --dependency=afterany:"$job" --wrap 'jelou-inventory merge shards/*/inventory.db -o inventory'
#
# A task ends with the exit code of its run: 2 if some rows have no answer. merge refuses shards that are not finished.
# To continue a task that was killed, requeue it: scontrol requeue JOB_3. Without Slurm, or if Slurm no longer knows the
# job, run the shard directly. Task 3 is shard 4:
#
#   jelou-inventory run projects.csv --api-key-file key --rate 40/s --shard 4/8 --resume -o shards/3
#
# Do not submit a single task again (--array=3): it can't determine its shard and ends with an error.
#SBATCH --job-name=inventory
#SBATCH --array=0-7
#SBATCH --cpus-per-task=1
#SBATCH --mem=256M
#SBATCH --time=0-08:00
#SBATCH --requeue
#SBATCH --signal=B:TERM@120
#SBATCH --open-mode=append
#SBATCH --output=inventory-%A_%a.log
set -euo pipefail

# exec replaces the shell, so that the program receives the signals of scancel and of the time limit and can write its
# reports before it ends.
exec jelou-inventory run "$@" --shard auto --resume -o "shards/$SLURM_ARRAY_TASK_ID" --progress plain
