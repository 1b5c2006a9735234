using IrohRpc.CompilerServices;

namespace IrohRpc.Payloads;

/// <summary>What a <see cref="PlanStep"/> looks at.</summary>
internal enum PlanStepKind
{
    /// <summary>Nothing but the values of fixed sizes that follow each step.</summary>
    Start,

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

/// <summary>What is looked at together by a <see cref="PayloadPlan"/>: a value, and those of fixed sizes that follow it.</summary>
internal readonly record struct PlanStep
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

    /// <summary>The members of an object, the least bytes of an element.</summary>
    public int Count { get; init; }

    /// <summary>The bytes of the values of fixed sizes that follow.</summary>
    public int Following { get; init; }

    /// <summary>What these must be; null where they may be any.</summary>
    public FixedRule[]? Rules { get; init; }

    /// <summary>How many of the next steps are an object's members; zero for a list whose elements may have any bytes.</summary>
    public int Members { get; init; }

    /// <summary>The memory that a value takes besides where it stands.</summary>
    public int Memory { get; init; }

    /// <summary>The memory that a list takes which is not empty, besides that of an empty one.</summary>
    public int MemoryOfAny { get; init; }

    /// <summary>The memory that each element takes, without what it takes besides.</summary>
    public long MemoryOfItem { get; init; }

    /// <summary>Which of them belong to no field; null where each does.</summary>
    public FixedGap[]? Gaps { get; init; }

    public PayloadShape Shape { get; }
}
