"""An asyncio script with httpx, as measured against jelou-inventory. Arguments as of the Go program (main.go)."""

import asyncio

import httpx
import peer


async def main():
    base, header, rows, folder, concurrency, rate, context = peer.arguments()
    limits = httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency)
    async with httpx.AsyncClient(
        limits=limits, timeout=30, headers=peer.HEADERS, verify=context, http2=base.startswith("https:")
    ) as client:

        async def ask(project):
            try:
                response = await client.get(peer.address(base, project))
                return peer.answer(response.status_code, response.content)
            except httpx.HTTPError:
                return "failed", None, {}

        results = await peer.work(rows, concurrency, rate, ask)
    peer.write(folder, header, rows, results)


asyncio.run(main())
