namespace IrohRpc.Model;

/// <summary>Which method a call is of.</summary>
internal enum Shape
{
    Ask,
    AskAgain,
    Post,
    Large,
    List,
    Sum,
    Echo,
    Read,
    Write,
    Report,
    CallBack,
    Open,
}

/// <summary>What the handler of a call does before it answers.</summary>
internal enum Script
{
    /// <summary>It answers at once.</summary>
    Answer,

    /// <summary>It waits for the schedule, or its token.</summary>
    Wait,

    /// <summary>It waits for the schedule, whatever its token says.</summary>
    Stubborn,

    /// <summary>It fails with a status, after a wait that its token ends.</summary>
    Fail,

    /// <summary>It throws what it should not.</summary>
    Throw,
}
