namespace IrohRpc;

/// <summary>What an endpoint tells its address lookups about itself.</summary>
public enum AddressPublishing
{
    /// <summary>All addresses. A lookup may leave some out by a rule of its own, as pkarr relays do by default.</summary>
    Full,

    /// <summary>The relay only, so that nobody learns the IP addresses before a connection; all addresses where there is no relay.</summary>
    RelayOnly,

    /// <summary>Nothing: the endpoint looks others up and is not to be found itself.</summary>
    Nothing,
}
