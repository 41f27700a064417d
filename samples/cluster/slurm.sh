#!/bin/bash
# An inventory by eight tasks of a Slurm job array: each takes the shard of its number, in a folder of its own. To be
# submitted from where the list is, with the options of `run` behind it; --rate is that of the whole job:
#
#   job=$(sbatch --parsable slurm.sh projects.csv --api-key-file key --rate 40/s)
#   sbatch --dependency=afterany:"$job" --wrap 'jelou-inventory merge shards/*/inventory.db -o inventory'
#
# A task ends with the exit code of its run, 2 when some rows have no answer; merge refuses shards that are not finished.
# A task that was killed goes on where it was: scontrol requeue JOB_3. By hand, or where Slurm does not know the job any more:
#
#   jelou-inventory run projects.csv --api-key-file key --rate 40/s --shard 4/8 --resume -o shards/3
#
# Submitted by itself (--array=3) a task can't know its shard, and says so.
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

# In the place of the shell, so that it gets the signals of scancel and of the time limit, and has time to write its reports.
exec jelou-inventory run "$@" --shard auto --resume -o "shards/$SLURM_ARRAY_TASK_ID" --progress plain
