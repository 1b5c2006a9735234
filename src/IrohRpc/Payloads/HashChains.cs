namespace IrohRpc.Payloads;

/// <summary>
/// Counts how many keys a hash table of .NET's compares while it is filled, where a peer chose the keys and the table's hashes are known to everybody: it keeps
/// chains of keys, in so many places as the next prime above twice their count.
/// </summary>
internal sealed class HashChains
{
    // Keys that nobody chose badly stand in chains as short as this.
    private const int Usual = 2;

    private readonly List<int> _hashes = [];
    private int[] _lengths = new int[3];

    /// <summary>A key is added.</summary>
    /// <exception cref="InvalidDataException">Too many of them stand in the same chains.</exception>
    public void Add(int hash)
    {
        if (_hashes.Count == _lengths.Length)
        {
            Grow();
        }

        _hashes.Add(hash);
        int before = _lengths[(uint)hash % (uint)_lengths.Length]++;
        if (before > Usual)
        {
            PayloadWork.CountCollisions(before - Usual);
        }
    }

    private void Grow()
    {
        _lengths = new int[NextPrime(2 * _lengths.Length)];
        foreach (int hash in _hashes)
        {
            _lengths[(uint)hash % (uint)_lengths.Length]++;
        }
    }

    // The sizes that .NET has in a table, and beyond them the primes that it finds itself.
    private static int NextPrime(int least)
    {
        foreach (int prime in (ReadOnlySpan<int>)
        [
            3, 7, 11, 17, 23, 29, 37, 47, 59, 71, 89, 107, 131, 163, 197, 239, 293, 353, 431, 521, 631, 761, 919, 1103, 1327, 1597, 1931, 2333, 2801, 3371, 4049, 4861,
            5839, 7013, 8419, 10103, 12143, 14591, 17519, 21023, 25229, 30293, 36353, 43627, 52361, 62851, 75431, 90523, 108631, 130363, 156437, 187751, 225307, 270371,
            324449, 389357, 467237, 560689, 672827, 807403, 968897, 1162687, 1395263, 1674319, 2009191, 2411033, 2893249, 3471899, 4166287, 4999559, 5999471, 7199369,
        ])
        {
            if (prime >= least)
            {
                return prime;
            }
        }

        int candidate = least | 1;
        while (!IsPrime(candidate) || (candidate - 1) % 101 == 0)
        {
            candidate += 2;
        }

        return candidate;
    }

    private static bool IsPrime(int odd)
    {
        for (int divisor = 3; divisor * (long)divisor <= odd; divisor += 2)
        {
            if (odd % divisor == 0)
            {
                return false;
            }
        }

        return true;
    }
}
