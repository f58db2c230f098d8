# What the service itself writes into cases.

case-heard-and-nothing-directed = سُمع ما عند صاحب الطلب في المجلس، ولم يستلزم توجيهًا.
