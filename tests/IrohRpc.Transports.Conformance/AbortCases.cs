namespace IrohRpc.Transports.Conformance;

/// <summary>Which sorts of streams are aborted, whose, and with which codes.</summary>
public static class AbortCases
{
    public static TheoryData<bool, Side, long> Codes()
    {
        var data = new TheoryData<bool, Side, long>();
        foreach (bool bidirectional in new[] { true, false })
        {
            foreach (Side opener in Enum.GetValues<Side>())
            {
                foreach (long code in new[] { 0, 1, PeerConnection.MaxErrorCode })
                {
                    data.Add(bidirectional, opener, code);
                }
            }
        }

        return data;
    }
}
