namespace IrohRpc.Identity.Internal;

/// <summary>Tickets among the values that a peer wrote.</summary>
internal static class PackedTicket
{
    /// <summary>Reads a ticket.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static EndpointTicket Read(string text)
    {
        try
        {
            return EndpointTicket.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException(exception.Message, exception);
        }
    }
}
