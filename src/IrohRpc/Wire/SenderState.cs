namespace IrohRpc.Wire;

/// <summary>Where the one write of a direction stands.</summary>
internal enum SenderPhase
{
    /// <summary>No write is under way.</summary>
    Idle,

    /// <summary>A write is under way, and others may follow.</summary>
    Writing,

    /// <summary>The write under way carries the end of the direction.</summary>
    WritingLast,

    /// <summary>Aborted while a write is under way; its buffer is still in use.</summary>
    Closing,

    /// <summary>Nothing will be written any more.</summary>
    Ended,
}

/// <summary>What a <see cref="FrameSender"/> does after an event.</summary>
internal enum SenderAction
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Write what is pending.</summary>
    Write,

    /// <summary>Write what is pending, if anything, and the end of the direction.</summary>
    WriteLast,

    /// <summary>Tell those who wait that nothing will be written any more.</summary>
    Finish,
}

/// <summary>
/// The state machine of one direction's sender: one write at a time, a last one that carries the end, and an abort at any moment. Without I/O; the sender calls
/// it under its lock.
/// </summary>
internal struct SenderState
{
    private bool _isCompleting;

    /// <summary>Where the write stands.</summary>
    public SenderPhase Phase { get; private set; }

    /// <summary>Whether frames can still be appended.</summary>
    public readonly bool CanAppend => !_isCompleting && Phase <= SenderPhase.Writing;

    /// <summary>Whether no more bytes will leave.</summary>
    public readonly bool HasEnded => Phase is SenderPhase.Closing or SenderPhase.Ended;

    /// <summary>Whether the end of the direction still has to be written.</summary>
    public readonly bool OwesLast => _isCompleting && Phase <= SenderPhase.Writing;

    /// <summary>Nothing more will be appended.</summary>
    public void Complete() => _isCompleting = true;

    /// <summary>Somebody wants what is pending to leave.</summary>
    public SenderAction Flush(bool hasPending) => Phase == SenderPhase.Idle ? Next(hasPending) : SenderAction.None;

    /// <summary>The write under way has succeeded.</summary>
    public SenderAction Written(bool hasPending)
    {
        switch (Phase)
        {
            case SenderPhase.Writing:
                Phase = SenderPhase.Idle;
                return Next(hasPending);
            case SenderPhase.WritingLast or SenderPhase.Closing:
                Phase = SenderPhase.Ended;
                return SenderAction.Finish;
            default:
                return SenderAction.None;
        }
    }

    /// <summary>The write under way has failed.</summary>
    public SenderAction Failed()
    {
        SenderAction action = Phase == SenderPhase.Ended ? SenderAction.None : SenderAction.Finish;
        Phase = SenderPhase.Ended;
        return action;
    }

    /// <summary>The direction is given up.</summary>
    public SenderAction Abort()
    {
        switch (Phase)
        {
            case SenderPhase.Idle:
                Phase = SenderPhase.Ended;
                return SenderAction.Finish;
            case SenderPhase.Writing or SenderPhase.WritingLast:
                Phase = SenderPhase.Closing;
                return SenderAction.None;
            default:
                return SenderAction.None;
        }
    }

    private SenderAction Next(bool hasPending)
    {
        if (_isCompleting)
        {
            Phase = SenderPhase.WritingLast;
            return SenderAction.WriteLast;
        }

        if (hasPending)
        {
            Phase = SenderPhase.Writing;
            return SenderAction.Write;
        }

        return SenderAction.None;
    }
}
