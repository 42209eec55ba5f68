"""Work about money that takes many transactions: the bank's files, in and out, workers' statements, the chain."""
