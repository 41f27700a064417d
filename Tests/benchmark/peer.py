"""What the two Python peers have in common: the list, the three outputs, the rate, and what an answer means."""

import asyncio
import csv
import json
import sqlite3
import ssl
import sys
from urllib.parse import quote

FIELDS = ["id", "brainId", "webhookUrl", "authType", "createdAt", "updatedAt"]
COLUMNS = ["outcome", "http_status", "integration_id", "brain_id", "webhook_url", "auth_type", "created_at", "updated_at"]
HEADERS = {"x-api-key": "measurement", "accept": "application/json"}


class Rate:
    """Lets starts through evenly; a rate of 0 lets all of them through."""

    def __init__(self, rate):
        self.interval = 1 / rate if rate else 0
        self.next = 0.0

    async def wait(self):
        if not self.interval:
            return
        now = asyncio.get_running_loop().time()
        self.next = max(self.next, now)
        delay = self.next - now
        self.next += self.interval
        if delay > 0:
            await asyncio.sleep(delay)


def arguments():
    base, path, folder, concurrency, rate, ca_file = sys.argv[1:7]
    with open(path, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    context = ssl.create_default_context(cafile=ca_file) if ca_file else True
    return base, header, rows, folder, int(concurrency), Rate(int(rate)), context


def address(base, project):
    return f"{base}/external-support/{quote(project, safe='')}"


def answer(status, body):
    """Outcome and fields."""
    if status == 404:
        return "not_found", status, {}
    if status != 200:
        return "failed", status, {}
    try:
        found = json.loads(body)
    except ValueError:
        return "invalid_response", status, {}
    return ("found" if found.get("webhookUrl") else "invalid_response"), status, found


async def work(rows, concurrency, rate, ask):
    """Asks for every row with that many workers, failed ones three times."""
    results = [None] * len(rows)
    queue = iter(range(len(rows)))

    async def worker():
        for index in queue:
            for attempt in range(1, 4):
                await rate.wait()
                results[index] = await ask(rows[index][0])
                if results[index][0] != "failed":
                    break
                await asyncio.sleep(0.2 * attempt)

    await asyncio.gather(*(worker() for _ in range(concurrency)))
    return results


def write(folder, header, rows, results):
    values = [
        [*row, outcome, status, *(found.get(name) for name in FIELDS)]
        for row, (outcome, status, found) in zip(rows, results)
    ]
    with open(f"{folder}/inventory.csv", "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow([*header, *COLUMNS])
        table.writerows(values)
    with open(f"{folder}/inventory.jsonl", "w", encoding="utf-8") as file:
        for row, (outcome, status, found) in zip(rows, results):
            line = {
                "project_id": row[0], "input": dict(zip(header[1:], row[1:])), "outcome": outcome,
                "http_status": status, "integration": found or None,
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    database = sqlite3.connect(f"{folder}/inventory.db")
    with database:
        columns = ", ".join(f'"{name}" TEXT' for name in [*header, *COLUMNS])
        database.execute(f"CREATE TABLE results ({columns})")
        places = ", ".join("?" for _ in [*header, *COLUMNS])
        database.executemany(f"INSERT INTO results VALUES ({places})", values)
    database.close()
