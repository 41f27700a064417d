"""An asyncio script with aiohttp, as measured against jelou-inventory. Arguments as of the Go program (main.go)."""

import asyncio

import aiohttp
import peer


async def main():
    base, header, rows, folder, concurrency, rate, context = peer.arguments()
    connector = aiohttp.TCPConnector(limit=concurrency, ssl=context)
    timeout = aiohttp.ClientTimeout(total=30)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, headers=peer.HEADERS) as session:

        async def ask(project):
            try:
                async with session.get(peer.address(base, project), allow_redirects=False) as response:
                    return peer.answer(response.status, await response.read())
            except (aiohttp.ClientError, asyncio.TimeoutError):
                return "failed", None, {}

        results = await peer.work(rows, concurrency, rate, ask)
    peer.write(folder, header, rows, results)


asyncio.run(main())
