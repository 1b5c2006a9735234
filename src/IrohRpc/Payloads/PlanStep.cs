using IrohRpc.CompilerServices;

namespace IrohRpc.Payloads;

/// <summary>What a <see cref="PlanStep"/> looks at.</summary>
internal enum PlanStepKind
{
    /// <summary>A run of values of fixed sizes, whose bytes may be any.</summary>
    Bytes,

    /// <summary>A run of values of fixed sizes, whose bytes may not.</summary>
    Run,

    /// <summary>A string.</summary>
    Text,

    /// <summary>The number of an object that a peer passes.</summary>
    Number,

    /// <summary>The count of an object's members, which are the next steps.</summary>
    Head,

    /// <summary>A list.</summary>
    List,

    /// <summary>A version-tolerant object.</summary>
    Tolerant,

    /// <summary>A value with a tag.</summary>
    Union,

    /// <summary>An object with a plan of its own, because it contains itself or is large.</summary>
    Nested,

    /// <summary>Something that plans do not know.</summary>
    Unknown,
}

/// <summary>What is looked at together by a <see cref="PayloadPlan"/>.</summary>
internal readonly struct PlanStep
{
    public PlanStep(PlanStepKind kind, PayloadShape shape, bool allowsNull, int depth)
    {
        Kind = kind;
        Shape = shape;
        AllowsNull = allowsNull;
        Depth = depth;
    }

    public PlanStepKind Kind { get; }

    /// <summary>Whether null may stand there.</summary>
    public bool AllowsNull { get; }

    /// <summary>How many values stand around what is within this one, itself included, counted from the beginning of the plan.</summary>
    public int Depth { get; }

    /// <summary>The bytes of a run, the members of an object, the least bytes of an element.</summary>
    public int Size { get; init; }

    /// <summary>How many of the next steps are an object's members; zero for a list whose elements may have any bytes.</summary>
    public int Members { get; init; }

    /// <summary>The memory that a value takes besides where it stands.</summary>
    public int Memory { get; init; }

    /// <summary>The memory that a list takes which is not empty, besides that of an empty one.</summary>
    public int MemoryOfAny { get; init; }

    /// <summary>The memory that each element takes, without what it takes besides.</summary>
    public long MemoryOfItem { get; init; }

    /// <summary>What the bytes of a run must be.</summary>
    public FixedRule[] Rules { get; init; } = [];

    public PayloadShape Shape { get; }
}
