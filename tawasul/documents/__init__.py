"""What is attached is looked at in a process of its own, which can be spent: bounded in memory and in time.

``python -m tawasul.documents`` reads a file from its input and answers whether it may be kept, and as what
(``verdict.py``). It opens no other file and no socket, and the service lives on whatever happens to it.
"""
