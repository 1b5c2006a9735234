namespace IrohRpc.Identity.Internal;

/// <summary>What a person is told who dialled one peer and met another.</summary>
internal static class WrongPeerText
{
    // A character of base32 is five bits, and one of hexadecimal four.
    private const int LongestCharacter = 5;

    /// <summary>Describes it, with what is likely to be wrong.</summary>
    /// <param name="where">The address.</param>
    /// <param name="seen">Who answered.</param>
    /// <param name="dialled">Who was dialled.</param>
    public static string Describe(object where, EndpointId seen, EndpointId dialled)
        => $"At {where} answered peer {seen}, not {dialled} that was dialled; " + (DifferInOneCharacter(seen, dialled)
            ? "one character of the ticket or the id was changed, since the two differ in nothing else."
            : "the ticket or the address is out of date.");

    private static bool DifferInOneCharacter(EndpointId one, EndpointId other)
    {
        byte[] first = one.ToByteArray();
        byte[] second = other.ToByteArray();
        int from = -1;
        int to = -1;
        for (int bit = 0; bit < EndpointId.Size * 8; bit++)
        {
            if (((first[bit / 8] ^ second[bit / 8]) & (0x80 >> (bit % 8))) != 0)
            {
                from = from < 0 ? bit : from;
                to = bit;
            }
        }

        return from >= 0 && to - from < LongestCharacter;
    }
}
