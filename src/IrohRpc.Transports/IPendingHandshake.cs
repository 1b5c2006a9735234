namespace IrohRpc.Transports;

/// <summary>A handshake in progress, as those see it who decide whose place another dialler gets. Its members are called from any thread, quick, and do not throw.</summary>
public interface IPendingHandshake
{
    /// <summary>How far it has come. Of those that wait, the ones that have come less far are given up first.</summary>
    int Progress { get; }

    /// <summary>Whether the next message is the dialler's. A handshake that waits for this side is never given up.</summary>
    bool IsWaitingForDialler { get; }

    /// <summary>Gives the handshake up: the connection is dropped at once. Called once at most.</summary>
    void GiveUp();
}
