# odd_asyncio | format: call | right, from an event loop | expect: passed
import asyncio
async def work(xs):
    await asyncio.sleep(0)
    return sum(a > b for i, a in enumerate(xs) for b in xs[i:])
def solve(xs):
    return asyncio.run(work(xs))
