namespace IrohRpc.Quic.Endpoints;

/// <summary>The network says that nobody listens at the address that was dialled, or that no way leads there.</summary>
internal sealed class EndpointUnreachableException : IOException
{
    /// <summary>Makes the exception.</summary>
    public EndpointUnreachableException()
        : base("the network reports that the address cannot be reached")
    {
    }
}
