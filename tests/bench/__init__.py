"""`make bench`: how long things take, beside the plainest way of doing them, in the same run. It gates nothing.

Times of one machine mean little; ratios within one run do. Each figure is the median of interleaved repetitions. For a short run give
smaller sizes: BENCH_CASES=1000,5000 BENCH_REVIEWS=1000 BENCH_ROWS=1000,5000.
"""
