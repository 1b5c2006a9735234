namespace IrohRpc.Hostile;

/// <summary>What a transfer carries, of no bytes up to some packets, so that a link that takes small packets only is felt. Each transfer has its own.</summary>
internal static class TransferNote
{
    private const int Longest = 5_000;

    public static byte[] Of(long transfer)
    {
        byte[] note = new byte[LengthOf(transfer)];
        note.AsSpan().Fill((byte)transfer);
        return note;
    }

    public static bool IsOf(long transfer, ReadOnlySpan<byte> note) => note.Length == LengthOf(transfer) && !note.ContainsAnyExcept((byte)transfer);

    private static int LengthOf(long transfer) => (int)(transfer * 37 % Longest);
}
